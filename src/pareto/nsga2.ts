// NSGA-II's two selections: who survives a generation, and who becomes a parent.
import { expected, Words } from '../errors.ts';
import type { RandomStream } from '../random/stream.ts';
import { crowdingDistance } from './crowding-distance.ts';
import { vectorKey, type ObjectiveVector } from './dominance.ts';
import { nonDominatedSort } from './non-dominated-sort.ts';

/** Where one individual stands in its population. */
export interface Standing {
  /** Its front, 0 being the non-dominated one. */
  readonly rank: number;
  /** Its crowding distance within that front: larger is lonelier, Infinity at the ends. */
  readonly crowding: number;
  /** True if an individual of lower index has the same vector: of equals, one stands for all. */
  readonly copy: boolean;
}

/**
 * The standing of each individual, in the order of `vectors`. `violations` says how far each breaks its constraints (0:
 * not at all; default for all): those that break none come first, the others by rising violation, and of equal violation
 * by dominance.
 *
 * O(M N^2). Throws `bad-argument` if the vectors differ in length, or there is not one violation of 0 or more for each.
 * Source: Deb et al. 2002 (NSGA-II), section III; section VI for constraints.
 */
export function rankAndCrowd(
  vectors: readonly ObjectiveVector[],
  violations: readonly number[] = vectors.map(() => 0),
): Standing[] {
  if (violations.length !== vectors.length || !violations.every((violation) => violation >= 0))
    throw expected('bad-argument', 'a violation of 0 or more for each vector', violations, 'violations');
  const standings = new Array<Standing>(vectors.length);
  const seen = new Set<string>();
  for (const [rank, front] of constrainedFronts(vectors, violations).entries()) {
    const crowding = crowdingDistance(front.map((index) => vectors[index]!));
    for (const [place, index] of front.entries()) {
      const key = vectorKey(vectors[index]!);
      standings[index] = { rank, crowding: crowding[place]!, copy: seen.has(key) };
      seen.add(key);
    }
  }
  return standings;
}

/** Fronts, best first, each a list of indices in ascending order. */
function constrainedFronts(vectors: readonly ObjectiveVector[], violations: readonly number[]): number[][] {
  const levels = [...new Set(violations)].sort((a, b) => (a < b ? -1 : 1));
  return levels.flatMap((level) => {
    const members = [...vectors.keys()].filter((index) => violations[index] === level);
    const fronts = nonDominatedSort(members.map((index) => vectors[index]!));
    return fronts.map((front) => front.map((place) => members[place]!));
  });
}

/**
 * Environmental selection: the indices of the `count` individuals to keep, ascending; all of them if there are no more.
 *
 * Whole fronts are kept as long as they fit. Of the front that does not fit, the lonelier go first, copies of a vector
 * after all distinct ones, and the lower index where all else is equal: no draw of chance, one answer.
 *
 * O(M N^2). `violations` and errors as `rankAndCrowd`; throws `bad-argument`, too, if `count` is not an integer of 0 or
 * more. Source: Deb et al. 2002 (NSGA-II), section III-C.
 */
export function survive(vectors: readonly ObjectiveVector[], count: number, violations?: readonly number[]): number[] {
  if (!Number.isSafeInteger(count) || count < 0) throw expected('bad-argument', 'a count of 0 or more', count, 'count');
  const standings = rankAndCrowd(vectors, violations);
  // `sort` is stable: equals stay in index order.
  const bestFirst = [...standings.keys()].sort((a, b) => crowdedComparison(standings[a]!, standings[b]!));
  return bestFirst.slice(0, count).sort((a, b) => a - b);
}

/**
 * Chooses a parent: draws two different individuals and returns the index of the better one, or of the first drawn if
 * neither is. A ranking of one needs no draw.
 *
 * O(1). Throws `bad-argument` for an empty ranking.
 * Source: Deb et al. 2002 (NSGA-II), section III-B, the crowded-comparison operator.
 */
export function binaryTournament(ranking: readonly Standing[], rng: RandomStream): number {
  if (ranking.length === 0)
    throw expected('bad-argument', 'a ranking of at least one individual', new Words('an empty one'));
  if (ranking.length === 1) return 0;
  const first = rng.int(ranking.length);
  const other = rng.int(ranking.length - 1);
  // Skipping over the first one makes all ordered pairs equally likely.
  const second = other < first ? other : other + 1;
  return crowdedComparison(ranking[second]!, ranking[first]!) < 0 ? second : first;
}

/** Negative if `a` is to be preferred: the better front, then the one that is no copy, then the lonelier. */
function crowdedComparison(a: Standing, b: Standing): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.copy !== b.copy) return a.copy ? 1 : -1;
  // Not a difference: Infinity - Infinity is NaN.
  if (a.crowding === b.crowding) return 0;
  return a.crowding > b.crowding ? -1 : 1;
}
