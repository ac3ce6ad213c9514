// Class-wise results: how many samples of each class were taken for which.
import type { Values } from '../engine/engine.ts';

/** [true class][predicted class]: numbers of samples. A sample with an output that is not a number counts nowhere. */
export type Confusion = readonly (readonly number[])[];

/** Counts up over batches. */
export class ConfusionCounter {
  readonly #counts: number[][];

  constructor(classes: number) {
    this.#counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  }

  /** Adds outputs [positions, classes] of the samples with these labels; of equal outputs the first is the highest. */
  add(outputs: Values, labels: ArrayLike<number>, positions: readonly number[]): void {
    const classes = this.#counts.length;
    positions.forEach((position, row) => {
      const own = outputs.subarray(row * classes, (row + 1) * classes);
      // Math.max gives NaN where there is one, which stands at no place.
      const predicted = own.indexOf(Math.max(...own));
      if (predicted >= 0) this.#counts[labels[position]!]![predicted]! += 1;
    });
  }

  get counts(): Confusion {
    return this.#counts;
  }
}
