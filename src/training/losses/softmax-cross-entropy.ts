// Softmax cross-entropy from logits, in nats: the loss of classification.
import { expected } from '../../errors.ts';
import { countHits } from './count-hits.ts';
import { logSoftmax } from './log-softmax.ts';
import type { Loss } from './loss.ts';

/**
 * Targets are the wanted class probabilities [batch, classes]; a row of zeros leaves its sample out. `smoothing` s
 * moves that share of them to all classes alike, (1 - s) * target + s / classes (Szegedy et al. 2016, section 7).
 * Correct is a sample whose highest logit is at its class.
 *
 * Throws `bad-argument` for a smoothing outside 0..1.
 */
export function softmaxCrossEntropy({ smoothing = 0 }: { readonly smoothing?: number } = {}): Loss {
  if (!(smoothing >= 0 && smoothing <= 1)) throw expected('bad-argument', 'a smoothing from 0 to 1', smoothing);
  return {
    name: 'softmax cross-entropy',
    settings: { smoothing },
    targetWidth: (outputs) => outputs,

    measure(logits, targets, { batch, outputs: classes }) {
      const logProbability = logSoftmax(logits, classes);
      let loss = 0;
      for (let from = 0; from < logits.length; from += classes) {
        const spread = (smoothing * sum(targets, from, classes)) / classes;
        for (let at = from; at < from + classes; at++) {
          const wanted = (1 - smoothing) * targets[at]! + spread;
          // An unwanted class of probability 0 costs nothing, where 0 * -Infinity would be NaN; NaN itself counts.
          if (wanted !== 0 || Number.isNaN(logProbability[at]!)) loss -= (wanted * logProbability[at]!) / batch;
        }
      }
      return { loss, correct: countHits(logits, targets, classes) };
    },

    gradient(logits, targets, { batch, outputs: classes }) {
      const logProbability = logSoftmax(logits, classes);
      const gradient = new Float64Array(logits.length);
      for (let from = 0; from < logits.length; from += classes) {
        const weight = sum(targets, from, classes);
        const spread = (smoothing * weight) / classes;
        for (let at = from; at < from + classes; at++) {
          const wanted = (1 - smoothing) * targets[at]! + spread;
          gradient[at] = (weight * Math.exp(logProbability[at]!) - wanted) / batch;
        }
      }
      return gradient;
    },

    // (probabilities * weight - wanted) / batch, where weight is the row's sum of targets.
    emitGradient(graph, logits, targets, { batch, outputs: classes }) {
      const weight = graph.sum(targets, [1], true);
      const probable = graph.op('Mul', [graph.op('Softmax', [logits], { axis: -1 }), weight]);
      let wanted = targets;
      if (smoothing > 0) {
        const kept = graph.op('Mul', [targets, graph.scalar(1 - smoothing)]);
        wanted = graph.op('Add', [kept, graph.op('Mul', [weight, graph.scalar(smoothing / classes)])]);
      }
      return graph.op('Mul', [graph.op('Sub', [probable, wanted]), graph.scalar(1 / batch)]);
    },
  };
}

function sum(values: Float32Array, from: number, count: number): number {
  let total = 0;
  for (let at = from; at < from + count; at++) total += values[at]!;
  return total;
}
