// Binary cross-entropy on logits, in nats: for samples with any number of labels.
import type { Loss } from './loss.ts';

/**
 * The mean over batch and outputs. Targets are the wanted probability of each label [batch, outputs]; logits go through
 * a sigmoid each by itself. Correct is a sample with every logit on the right side of 0 (a probability of one half).
 */
export const binaryCrossEntropy: Loss = {
  name: 'binary cross-entropy',
  settings: {},
  targetWidth: (outputs) => outputs,

  measure(logits, targets, { outputs }) {
    let loss = 0;
    let correct = 0;
    for (let from = 0; from < logits.length; from += outputs) {
      let right = 0;
      for (let at = from; at < from + outputs; at++) {
        const x = logits[at]!;
        // -t log(sigmoid(x)) - (1 - t) log(1 - sigmoid(x)) without overflow; the product is left out where it is 0,
        // since an infinite logit on its own side costs nothing.
        const bent = x > 0 && targets[at] === 1 ? 0 : Math.max(x, 0) - (targets[at] === 0 ? 0 : x * targets[at]!);
        loss += (bent + Math.log1p(Math.exp(-Math.abs(x)))) / logits.length;
        if (!Number.isNaN(x) && x > 0 === targets[at]! > 0.5) right++;
      }
      if (right === outputs) correct++;
    }
    return { loss, correct };
  },

  gradient: (logits, targets) =>
    Float64Array.from(logits, (x, at) => (1 / (1 + Math.exp(-x)) - targets[at]!) / logits.length),

  emitGradient(graph, logits, targets, { batch, outputs }) {
    const excess = graph.op('Sub', [graph.op('Sigmoid', [logits]), targets]);
    return graph.op('Mul', [excess, graph.scalar(1 / (batch * outputs))]);
  },
};
