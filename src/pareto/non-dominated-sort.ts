// Sorts a population into fronts: the non-dominated, those dominated by them alone, and so on.
import { dominates, type ObjectiveVector } from './dominance.ts';

/**
 * Fast non-dominated sorting: the fronts, best first, each a list of indices into `vectors` in ascending order.
 *
 * Front 0 is what nothing dominates; front k is what nothing dominates once fronts 0 to k-1 are gone. Every index is in
 * exactly one front; equal vectors share a front. No vectors: no fronts.
 *
 * O(M N^2) time and up to O(N^2) memory. Throws `bad-argument` if the vectors differ in length.
 * Source: Deb et al. 2002 (NSGA-II), section III-A.
 */
export function nonDominatedSort(vectors: readonly ObjectiveVector[]): number[][] {
  const dominatedBy = vectors.map((): number[] => []);
  const dominatorsLeft = new Uint32Array(vectors.length);
  const link = (better: number, worse: number): void => {
    dominatedBy[better]!.push(worse);
    dominatorsLeft[worse]!++;
  };
  for (const [a, one] of vectors.entries()) {
    for (let b = a + 1; b < vectors.length; b++) {
      const other = vectors[b]!;
      if (dominates(one, other)) link(a, b);
      else if (dominates(other, one)) link(b, a);
    }
  }

  const fronts: number[][] = [];
  let front = [...vectors.keys()].filter((index) => dominatorsLeft[index] === 0);
  while (front.length > 0) {
    fronts.push(front);
    const freed = front.flatMap((index) => dominatedBy[index]!.filter((worse) => --dominatorsLeft[worse]! === 0));
    front = freed.sort((a, b) => a - b);
  }
  return fronts;
}
