// How far two lists of numbers are apart, measured against the size of what is expected.
import { expect } from 'vitest';

/** Largest |a - b| over largest |b| (at least `floor`). */
export function relativeError(actual: ArrayLike<number>, wanted: ArrayLike<number>, floor = 1e-3): number {
  let scale = floor;
  let error = actual.length === wanted.length ? 0 : Infinity;
  for (let i = 0; i < wanted.length; i++) {
    scale = Math.max(scale, Math.abs(wanted[i]!));
    const difference = Math.abs(actual[i]! - wanted[i]!);
    error = Number.isNaN(difference) ? Infinity : Math.max(error, difference);
  }
  return error / scale;
}

export function expectClose(
  actual: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  what: string,
  floor?: number,
): void {
  expect(relativeError(actual, wanted, floor), what).toBeLessThanOrEqual(tolerance);
}

/** The largest absolute value in any of the lists. */
export function largest(lists: readonly ArrayLike<number>[]): number {
  let high = 1e-6;
  for (const values of lists) {
    for (let i = 0; i < values.length; i++) high = Math.max(high, Math.abs(values[i]!));
  }
  return high;
}
