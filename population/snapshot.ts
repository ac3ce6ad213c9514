// Plain data as it was, so that what is written into it can be found and undone.
import { isDeepStrictEqual } from 'node:util';
import { isRecord, joined, keysOf } from './differences.ts';

/** Plain data as it is now, Float32Arrays included: what is written into it later can be found and undone. */
export class Snapshot {
  /** Every object and array of the data, the outer ones first: where it is, and what it held. */
  readonly #kept = new Map<object, { readonly path: string; readonly held: object }>();

  constructor(data: object) {
    this.#keep(data, '');
  }

  /** Undoes what was written since; says where the first of it was, by the id of what has one, or undefined for none. */
  restore(): string | undefined {
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

/** The first key that does not hold the very same any more. */
function changedKey(before: object, after: object): string | undefined {
  return keysOf(before, after).find((key) => !Object.is(Reflect.get(before, key), Reflect.get(after, key)));
}
