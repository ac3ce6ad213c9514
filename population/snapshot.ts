// Plain data as it was, so that what is written into it can be found and undone.
import { isDeepStrictEqual } from 'node:util';
import { expected, reasonOf, Words } from '../src/errors.ts';
import { networkHash } from '../src/network/hash.ts';
import { layersOf } from '../src/network/shapes.ts';
import { toManifest } from '../src/store/model-manifest.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import { isRecord, joined, keysOf } from './differences.ts';
import { heard } from './heard-answer.ts';

/** Plain data as it is now, Float32Arrays included: what is written into it later can be found and undone. */
export class Snapshot {
  /** Every object and array of the data, the outer ones first: where it is, and what it held. */
  readonly #kept = new Map<object, { readonly path: string; readonly held: object }>();

  constructor(data: object) {
    this.#keep(data, '');
  }

  /**
   * What `work`, code of others, answers or throws; what it wrote into the data is undone. Throws `bad-argument`, naming
   * whose work it is, for an answer after a write, and for a write that cannot be undone: into what was frozen after it,
   * or a buffer given away. What is written later is not noticed.
   */
  unwritten<T>(noun: string, whose: string, work: () => T): T {
    const wanted = `${noun} that is left as it was`;
    const undone = (): string | undefined => {
      try {
        return this.#restore();
      } catch (error) {
        throw expected('bad-argument', wanted, new Error(reasonOf(error)), whose);
      }
    };
    let answer: T;
    try {
      answer = heard(work());
    } catch (error) {
      undone();
      throw error;
    }
    const place = undone();
    if (place === undefined) return answer;
    throw expected('bad-argument', wanted, new Words(`a write into ${place}`), whose);
  }

  /** Undoes what was written since; says where the first of it was, by the id of what has one, or undefined for none. */
  #restore(): string | undefined {
    let place: string | undefined;
    for (const [data, { path, held }] of this.#kept) {
      if (data instanceof Float32Array) {
        if (isDeepStrictEqual(data, held)) continue;
        place ??= path;
        data.set(held as Float32Array);
      } else {
        const key = changedKey(held, data);
        if (key === undefined) continue;
        place ??= joined(path, key);
        for (const name of Object.keys(data)) Reflect.deleteProperty(data, name);
        if (Array.isArray(data)) data.length = 0;
        Object.assign(data, held);
      }
    }
    return place;
  }

  #keep(data: unknown, path: string): void {
    if (typeof data !== 'object' || data === null || this.#kept.has(data)) return;
    if (data instanceof Float32Array) {
      this.#kept.set(data, { path, held: data.slice() });
      return;
    }
    this.#kept.set(data, { path, held: Array.isArray(data) ? [...(data as unknown[])] : { ...data } });
    for (const [key, part] of Object.entries(data) as [string, unknown][])
      this.#keep(part, joined(path, isRecord(part) && typeof part.id === 'string' ? part.id : key));
  }
}

/** A snapshot of data with these networks in it: their tensors are those of ancestors, children and siblings, too. */
export function snapshotOf(data: object, networks: readonly TrainedNetwork[]): Snapshot {
  for (const trained of networks) {
    // Hashes and shapes are remembered once they were asked for: they are to be those of these values.
    toManifest(trained);
    networkHash(trained.network);
    layersOf(trained.network);
  }
  return new Snapshot(data);
}

/** The first key that does not hold the very same any more. */
function changedKey(before: object, after: object): string | undefined {
  return keysOf(before, after).find((key) => !Object.is(Reflect.get(before, key), Reflect.get(after, key)));
}
