// Sets of small whole numbers, one bit each: the currency of reachability and of dropped pairs.

/** A set of the numbers 0..capacity-1. Never written after the function that made it has returned it. */
export type BitSet = Uint32Array;

/** The empty set with room for 0..capacity-1. */
export function emptySet(capacity: number): BitSet {
  return new Uint32Array((capacity + 31) >>> 5);
}

/** Whether `item` is in the set. O(1). */
export function has(set: BitSet, item: number): boolean {
  return ((set[item >>> 5] >>> (item & 31)) & 1) === 1;
}

/** Adds `item` in place; for the builder of a set only. O(1). */
export function add(set: BitSet, item: number): void {
  set[item >>> 5] |= 1 << (item & 31);
}

/** Adds all of `other` in place; for the builder of a set only. O(capacity / 32). */
export function addAll(set: BitSet, other: BitSet): void {
  for (let word = 0; word < set.length; word++) set[word] |= other[word];
}
