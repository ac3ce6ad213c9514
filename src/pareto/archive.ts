// Remembers the best trade-offs of a whole run: everything that nothing else found so far dominates.
import { compareVectors, dominates, weaklyDominates, worstIfNaN, type ObjectiveVector } from './dominance.ts';

interface Entry<T> {
  readonly member: T;
  readonly vector: ObjectiveVector;
}

/**
 * An unbounded set of mutually non-dominated members (all objectives minimised).
 *
 * Whatever was offered is in it or weakly dominated by a member, so the front it stands for never gets worse. Members
 * are listed by first objective, then by the second, and so on: the order of arrival leaves no trace, except that of
 * equal vectors the first to come stays.
 */
export class Archive<T> {
  #entries: readonly Entry<T>[] = [];

  /**
   * Offers a member; true if it entered, false if a member is as good or better in every objective. What it dominates
   * leaves. The vector is copied, with NaN stored as what it counts for, +Infinity.
   *
   * O(M A + A log A) for A members. Throws `bad-argument` if the vector's length differs from the members'.
   */
  add(member: T, vector: ObjectiveVector): boolean {
    const entry: Entry<T> = { member, vector: Object.freeze(vector.map(worstIfNaN)) };
    if (this.#entries.some((held) => weaklyDominates(held.vector, entry.vector))) return false;
    const kept = this.#entries.filter((held) => !dominates(entry.vector, held.vector));
    this.#entries = [...kept, entry].sort((a, b) => compareVectors(a.vector, b.vector));
    return true;
  }

  /** The members, in order; a list of the caller's own. */
  members(): T[] {
    return this.#entries.map((entry) => entry.member);
  }

  /** The members' vectors, in the order of `members()`. */
  vectors(): ObjectiveVector[] {
    return this.#entries.map((entry) => entry.vector);
  }
}
