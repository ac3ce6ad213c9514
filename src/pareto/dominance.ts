// How two objective vectors compare: Pareto dominance, and the one total order that all listings follow.
import { expected } from '../errors.ts';

/**
 * One value per objective, **all minimised**: whoever has an objective to maximise negates it before it comes here.
 *
 * Infinite values are legal. NaN (a loss that blew up) counts as +Infinity, the worst value: see `worstIfNaN`.
 */
export type ObjectiveVector = readonly number[];

/** The value to compare by: the only place that decides what NaN means to selection, archive and hypervolume. */
export function worstIfNaN(value: number): number {
  return Number.isNaN(value) ? Infinity : value;
}

/** Throws `bad-argument` if `vector` has not exactly `length` objectives. */
export function expectLength(vector: ObjectiveVector, length: number): void {
  if (vector.length !== length) {
    throw expected('bad-argument', `an objective vector of length ${length}`, vector.length);
  }
}

/**
 * True if `a` is nowhere worse than `b` and somewhere better: a strict partial order.
 *
 * O(M) for M objectives. Throws `bad-argument` if the lengths differ.
 * Source: Deb, Pratap, Agarwal, Meyarivan 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II", II.
 */
export function dominates(a: ObjectiveVector, b: ObjectiveVector): boolean {
  return weaklyDominates(a, b) && a.some((value, axis) => worstIfNaN(value) < worstIfNaN(b[axis]!));
}

/** True if `a` is nowhere worse than `b`; equal vectors weakly dominate each other. Cost and errors as `dominates`. */
export function weaklyDominates(a: ObjectiveVector, b: ObjectiveVector): boolean {
  expectLength(b, a.length);
  return a.every((value, axis) => worstIfNaN(value) <= worstIfNaN(b[axis]!));
}

/**
 * Orders vectors by the first objective, then by the second, and so on: negative, zero or positive, as for `sort`.
 *
 * Zero means equal in every objective. A vector that dominates another always comes before it. O(M); throws
 * `bad-argument` if the lengths differ.
 */
export function compareVectors(a: ObjectiveVector, b: ObjectiveVector): number {
  expectLength(b, a.length);
  for (const [axis, value] of a.entries()) {
    const [mine, other] = [worstIfNaN(value), worstIfNaN(b[axis]!)];
    if (mine !== other) return mine < other ? -1 : 1;
  }
  return 0;
}

/** A text that two vectors share exactly when `compareVectors` calls them equal. */
export function vectorKey(vector: ObjectiveVector): string {
  return vector.map(worstIfNaN).join();
}
