// What becomes of a channel that is there several times: who reads it splits its weight among the replicas.
import type { IndexMap } from '../remap-tensor.ts';

/** Old channel -> its new indices, for channels that are there more than once. */
export function replicasOf(map: IndexMap): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>();
  map.forEach((source, index) => {
    if (source !== undefined) places.set(source, [...(places.get(source) ?? []), index]);
  });
  return new Map([...places].filter(([, indices]) => indices.length > 1));
}

/**
 * Which of the replicas 0 to `count - 1` gives a part to the next one: whoever has most, the first among equals. So
 * shares are powers of a half, and scaling by them rounds nothing.
 */
function givers(count: number): { readonly givers: readonly number[]; readonly shares: readonly number[] } {
  const shares = [1];
  const from: number[] = [];
  for (let next = 1; next < count; next++) {
    const giver = shares.indexOf(Math.max(...shares));
    from.push(giver);
    shares[giver]! /= 2;
    shares.push(shares[giver]!);
  }
  return { givers: from, shares };
}

/** What share of the outgoing weight each of so many replicas gets, on average over its entries. */
export function replicaShares(count: number): readonly number[] {
  return givers(count).shares;
}

const goldenRatio = (Math.sqrt(5) - 1) / 2;

/**
 * Splits outgoing weights among replicas so that sums stay exact: in place, given equal entries for each. No entry is
 * split like its neighbours (the larger part has 1/2 to 3/4 of it), so that replicas get gradients in different
 * directions and part ways from the first step: equal replicas never diverge.
 *
 * `start` in [0, 1) is where the sequence of parts begins.
 */
export function splitUnevenly(entries: readonly Float32Array[], start: number): void {
  givers(entries.length).givers.forEach((giver, turn) => {
    const [kept, given] = [entries[giver]!, entries[turn + 1]!];
    let place = start;
    for (let i = 0; i < kept.length; i++) {
      // Not % 1: the loop would take five times as long.
      place += goldenRatio;
      if (place >= 1) place -= 1;
      const weight = kept[i]!;
      // Between a half and the whole: the rest is a float32 too (Sterbenz' lemma).
      const larger = Math.fround(weight * (0.5 + 0.5 * Math.abs(place - 0.5)));
      kept[i] = place < 0.5 ? larger : weight - larger;
      given[i] = place < 0.5 ? weight - larger : larger;
    }
  });
}
