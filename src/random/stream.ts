// A seeded stream of random numbers that forks by label, so that every draw of a run follows from its seed.
import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { expected, Words } from '../errors.ts';
import { normalDraw } from './normal.ts';

/** A stream's place, as plain data: enough to go on exactly where it stopped. */
export interface RandomStreamState {
  readonly key: string;
  readonly generator: readonly number[];
}

/**
 * A stream of random numbers (xoroshiro128+).
 *
 * `fork(label)` depends on the stream's key and the label only, never on how much was drawn before: adding a draw in
 * one place cannot move the numbers of another.
 */
export class RandomStream {
  /** The stream's name: SHA-256 over the seed and the labels of its forks, in hex. */
  readonly key: string;
  readonly #generator: RandomGenerator;

  private constructor(key: string, generator: RandomGenerator) {
    this.key = key;
    this.#generator = generator;
  }

  /** A stream from a seed: any integer or text. Throws `bad-argument` for a number that is not a safe integer. */
  static fromSeed(seed: number | string): RandomStream {
    if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
      throw expected('bad-argument', 'an integer as seed', seed, 'seed');
    }
    return RandomStream.#fromKey(`${typeof seed}:${seed}`);
  }

  static #fromKey(path: string): RandomStream {
    const digest = createHash('sha256').update(path).digest();
    const words = [0, 4, 8, 12].map((at) => digest.readInt32LE(at));
    // The all-zero state is the generator's one fixed point.
    if (!words.some((word) => word !== 0)) words.fill(1);
    return new RandomStream(digest.toString('hex'), xoroshiro128plusFromState(words));
  }

  /** Goes on from a state taken with `state()`. */
  static fromState(state: RandomStreamState): RandomStream {
    return new RandomStream(state.key, xoroshiro128plusFromState(state.generator));
  }

  /** Where the stream stands now, for `fromState`. */
  state(): RandomStreamState {
    return { key: this.key, generator: this.#generator.getState() };
  }

  /** An independent stream named by `label`; the same label gives the same stream. */
  fork(label: string): RandomStream {
    return RandomStream.#fromKey(`${this.key}/${label}`);
  }

  /** A number in [0, 1). */
  float(): number {
    return uniformFloat64(this.#generator);
  }

  /** An integer in [0, bound). */
  int(bound: number): number {
    if (!Number.isSafeInteger(bound) || bound < 1) throw expected('bad-argument', 'a bound of 1 or more', bound);
    return uniformInt(this.#generator, 0, bound - 1);
  }

  /** A draw from the standard normal distribution. */
  normal(): number {
    return normalDraw(this.#generator);
  }

  /** One element, each equally likely. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw expected('bad-argument', 'a list with at least one item', new Words('an empty list'));
    return items[this.int(items.length)]!;
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const copy = items.slice();
    for (let last = copy.length - 1; last > 0; last--) {
      const other = this.int(last + 1);
      [copy[last], copy[other]] = [copy[other]!, copy[last]!];
    }
    return copy;
  }
}
