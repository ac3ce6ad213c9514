// The logarithm of softmax in float64, without overflow for large logits.
import type { Values } from '../../engine/engine.ts';

/** Of each row of [rows, classes]: log(exp(x_i / T) / sum_j exp(x_j / T)). A row with NaN becomes NaN throughout. */
export function logSoftmax(logits: Values, classes: number, temperature = 1): Float64Array {
  const result = new Float64Array(logits.length);
  for (let from = 0; from < logits.length; from += classes) {
    let highest = logits[from]!;
    for (let at = from + 1; at < from + classes; at++) highest = Math.max(highest, logits[at]!);
    let total = 0;
    for (let at = from; at < from + classes; at++) total += Math.exp((logits[at]! - highest) / temperature);
    const logTotal = Math.log(total);
    for (let at = from; at < from + classes; at++) result[at] = (logits[at]! - highest) / temperature - logTotal;
  }
  return result;
}
