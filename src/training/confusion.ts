// Class-wise results: how many samples of each class were taken for which.
import type { Values } from '../engine/engine.ts';

/** [true class][predicted class]: numbers of samples. A sample with an output that is not a number counts nowhere. */
export type Confusion = readonly (readonly number[])[];

/** Of each row of [rows, classes] the class of the highest output, the first of equal ones; -1 for a row with a NaN. */
export function predictedClasses(outputs: Values, classes: number): number[] {
  return Array.from({ length: outputs.length / classes }, (_, row) => {
    const own = outputs.subarray(row * classes, (row + 1) * classes);
    // Math.max gives NaN where there is one, which stands at no place.
    return own.indexOf(Math.max(...own));
  });
}

/** Counts up over samples. */
export class ConfusionCounter {
  readonly #counts: number[][];

  constructor(classes: number) {
    this.#counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  }

  /** Adds a sample of class `label` that was taken for `predicted`; -1 is no class. */
  add(label: number, predicted: number): void {
    if (predicted >= 0) this.#counts[label]![predicted]! += 1;
  }

  get counts(): Confusion {
    return this.#counts;
  }
}
