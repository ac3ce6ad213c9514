// A matching problem, checked and in exact numbers: what every solver in this folder works on.
import { expected } from '../../src/errors.ts';
import { reachability, requireVertex, type Dag, type Reachability } from './reachability.ts';

/** A pair that some stitch type can join; weight > 0. */
export interface EligiblePair {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

/**
 * What is to be maximised: `weights`, and among equals the least sum of `penalties`.
 *
 * Both are integers so small that no sum of a solver rounds: ties are ties, whatever the order of summing. Weights are
 * in units of about 2^-42 of the heaviest pair (for 90 vertices a side), so weights that are simple fractions, such as
 * 1, are exact. A penalty is the squared difference of the two positions: it is strictly convex, so the cheapest of
 * many equal assignments tends to run parallel to both graphs, without crossings.
 */
export interface MatchingProblem {
  readonly a: Reachability;
  readonly b: Reachability;
  /** Sorted by `a`, then `b`; no pair twice. */
  readonly pairs: readonly EligiblePair[];
  readonly weights: Float64Array;
  readonly penalties: Float64Array;
}

/** Pairs by number, with the sums that rank them. */
export interface Choice {
  readonly chosen: readonly number[];
  readonly weight: number;
  readonly penalty: number;
}

/** Bits of a sum that all solvers keep clear of the 53 that a double holds exactly. */
const sumBits = 50;
/** Positions are rounded to this share of a graph. */
const positionSteps = 2 ** 16;

/** Checks the input and computes the closure. Of a pair listed twice the heavier counts. Throws `bad-argument`. */
export function matchingProblem(a: Dag, b: Dag, eligible: readonly EligiblePair[]): MatchingProblem {
  const reachA = reachability(a, 'a');
  const reachB = reachability(b, 'b');
  eligible.forEach((pair, index) => {
    requireVertex(pair.a, a.size, `eligible[${index}].a`);
    requireVertex(pair.b, b.size, `eligible[${index}].b`);
    if (Number.isFinite(pair.weight) && pair.weight > 0) return;
    throw expected('bad-argument', 'a finite weight above 0', pair.weight, `eligible[${index}].weight`);
  });
  const pairs = eligible
    .map(({ a: one, b: other, weight }) => ({ a: one, b: other, weight }))
    .sort((one, other) => one.a - other.a || one.b - other.b || other.weight - one.weight)
    .filter((pair, index, all) => index === 0 || pair.a !== all[index - 1]!.a || pair.b !== all[index - 1]!.b);

  const heaviest = pairs.reduce((most, pair) => Math.max(most, pair.weight), Number.MIN_VALUE);
  const units = 2 ** (sumBits - Math.ceil(Math.log2(a.size + b.size + 1)) - 1);
  // Dividing by a power of two rounds nothing away; 2^1023 is the largest there is.
  const scale = 2 ** Math.min(1023, Math.floor(Math.log2(heaviest)));
  const positionsA = positions(reachA);
  const positionsB = positions(reachB);
  return {
    a: reachA,
    b: reachB,
    pairs,
    weights: Float64Array.from(pairs, (pair) => Math.max(1, Math.round((pair.weight / scale) * units))),
    penalties: Float64Array.from(pairs, (pair) => (positionsA[pair.a]! - positionsB[pair.b]!) ** 2),
  };
}

/** Whether `one` outranks `other`: heavier, or as heavy with less penalty. */
export function outranks(one: Choice, other: Choice): boolean {
  return one.weight > other.weight || (one.weight === other.weight && one.penalty < other.penalty);
}

/** The sums of a list of pairs. */
export function choiceOf(problem: MatchingProblem, chosen: readonly number[]): Choice {
  let weight = 0;
  let penalty = 0;
  for (const pair of chosen) {
    weight += problem.weights[pair]!;
    penalty += problem.penalties[pair]!;
  }
  return { chosen, weight, penalty };
}

/** How far down its graph each vertex lies: its depth, plus its place among those of equal depth, out of all depths. */
function positions({ order, depths }: Reachability): number[] {
  const widths: number[] = [];
  for (const depth of depths) widths[depth] = (widths[depth] ?? 0) + 1;
  const placed = widths.map(() => 0);
  const result = depths.map(() => 0);
  for (const vertex of order) {
    const depth = depths[vertex]!;
    const share = (depth + placed[depth]!++ / widths[depth]!) / widths.length;
    result[vertex] = Math.round(share * positionSteps);
  }
  return result;
}
