// Softmax cross-entropy from logits, in float64: loss, hits and the gradient by the logits.
import type { LossMetrics, Targets, Values } from './engine.ts';

/** Mean loss over the batch, correct samples, and d(loss)/d(logits) of shape [size, classes]. */
export function softmaxCrossEntropy(
  logits: Values,
  targets: Targets,
  size: number,
): LossMetrics & { readonly gradient: Float64Array } {
  const classes = logits.length / size;
  const gradient = new Float64Array(logits.length);
  let loss = 0;
  let correct = 0;
  for (let from = 0; from < logits.length; from += classes) {
    let best = from;
    let wanted = from;
    for (let at = from; at < from + classes; at++) {
      if (logits[at]! > logits[best]!) best = at;
      if (targets[at]! > targets[wanted]!) wanted = at;
    }
    let total = 0;
    let weight = 0;
    for (let at = from; at < from + classes; at++) {
      total += Math.exp(logits[at]! - logits[best]!);
      weight += targets[at]!;
    }
    const logTotal = Math.log(total);
    for (let at = from; at < from + classes; at++) {
      const logProbability = logits[at]! - logits[best]! - logTotal;
      if (targets[at]! !== 0) loss -= (targets[at]! * logProbability) / size;
      gradient[at] = (weight * Math.exp(logProbability) - targets[at]!) / size;
    }
    // A row of NaN logits is never correct.
    if (best === wanted && !Number.isNaN(total)) correct++;
  }
  return { loss, correct, gradient };
}
