// The mean squared error: for regression.
import type { Loss } from './loss.ts';

/** The mean over batch and outputs of (output - target)^2; targets are [batch, outputs]. Nothing is right or wrong. */
export const meanSquaredError: Loss = {
  name: 'mean squared error',
  settings: {},
  targetWidth: (outputs) => outputs,

  measure(outputs, targets) {
    let loss = 0;
    for (let at = 0; at < outputs.length; at++) loss += (outputs[at]! - targets[at]!) ** 2 / outputs.length;
    return { loss, correct: undefined };
  },

  gradient: (outputs, targets) =>
    Float64Array.from(outputs, (value, at) => (2 * (value - targets[at]!)) / outputs.length),

  emitGradient: (graph, outputs, targets, sizes) =>
    graph.op('Mul', [graph.op('Sub', [outputs, targets]), graph.scalar(2 / (sizes.batch * sizes.outputs))]),
};
