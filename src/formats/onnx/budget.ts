// Keeps the work of an import in proportion to its file: a small file can name one large weight thousands of times.
import { expected, Words } from '../../errors.ts';

/** Enough for any model whose layers share few of their weights, whatever its size. */
const freeValues = 10_000_000;
const valuesPerByte = 16;

export class Budget {
  readonly #whole: number;
  #left: number;

  constructor(fileBytes: number) {
    this.#whole = freeValues + valuesPerByte * fileBytes;
    this.#left = this.#whole;
  }

  /** Counts numbers about to be made or checked; throws `bad-model` once they are too many for such a file. */
  spend(values: number): void {
    this.#left -= values;
    if (this.#left >= 0) return;
    const wanted = `weights in layers that add up to at most ${this.#whole} values for such a file`;
    throw expected('bad-model', wanted, new Words('more'));
  }
}
