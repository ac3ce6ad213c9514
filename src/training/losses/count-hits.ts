// Counts the samples whose highest output is at their class.
import type { Values } from '../../engine/engine.ts';

/** Rows of [rows, classes]; of equal values the first counts as the highest. A row with NaN is never a hit. */
export function countHits(outputs: Values, targets: Values, classes: number): number {
  let hits = 0;
  for (let from = 0; from < outputs.length; from += classes) {
    let best = 0;
    let wanted = 0;
    let isNumber = true;
    for (let c = 0; c < classes; c++) {
      if (outputs[from + c]! > outputs[from + best]!) best = c;
      if (targets[from + c]! > targets[from + wanted]!) wanted = c;
      isNumber &&= !Number.isNaN(outputs[from + c]!);
    }
    if (best === wanted && isNumber) hits++;
  }
  return hits;
}
