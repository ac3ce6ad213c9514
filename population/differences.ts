// Finds where two pieces of plain data differ.
import { isDeepStrictEqual } from 'node:util';

/** A place where two values differ; undefined where one of them has nothing. */
export interface Difference {
  /** Keys from the outside in, joined by dots. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** All differences in the order of `before`'s keys. Objects are compared key by key, arrays as a whole. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isRecord(before) || !isRecord(after)) return [{ path, before, after }];
  return keysOf(before, after).flatMap((key) => differences(before[key], after[key], joined(path, key)));
}

/** The keys of either. */
export function keysOf(before: object, after: object): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

/** The path of a key. */
export function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
