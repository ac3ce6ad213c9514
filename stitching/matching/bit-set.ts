// Sets of small whole numbers, one bit each: the currency of reachability and of dropped pairs.

/** A set of the numbers 0..capacity-1. Written only by the function that builds it. */
export type BitSet = Uint32Array;

/** The empty set with room for 0..capacity-1. */
export function emptySet(capacity: number): BitSet {
  return new Uint32Array((capacity + 31) >>> 5);
}

/** Whether `item` is in the set. O(1). */
export function has(set: BitSet, item: number): boolean {
  return ((set[item >>> 5]! >>> (item & 31)) & 1) === 1;
}

/** Adds `item` in place. O(1). */
export function add(set: BitSet, item: number): void {
  set[item >>> 5]! |= 1 << (item & 31);
}

/** Whether all of `part`, a set of the same capacity, is in `set`. O(capacity / 32). */
export function hasAll(set: BitSet, part: BitSet): boolean {
  for (let word = 0; word < set.length; word++) if ((part[word]! & ~set[word]!) !== 0) return false;
  return true;
}

/** Adds all of `other`, a set of the same capacity, in place. O(capacity / 32). */
export function addAll(set: BitSet, other: BitSet): void {
  for (let word = 0; word < set.length; word++) set[word]! |= other[word]!;
}

/** How many items two sets of the same capacity share. O(capacity / 32 + items). */
export function countCommon(one: BitSet, other: BitSet): number {
  let count = 0;
  for (let word = 0; word < one.length; word++) {
    // Each turn clears the lowest bit that is set.
    for (let bits = one[word]! & other[word]!; bits !== 0; bits &= bits - 1) count++;
  }
  return count;
}

/** A text that only sets of the same items have, for use as a key. O(capacity). */
export function keyOf(set: BitSet): string {
  return Buffer.from(set.buffer, set.byteOffset, set.byteLength).toString('latin1');
}
