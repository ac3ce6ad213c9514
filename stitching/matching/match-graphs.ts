// Pairs up the vertices of two graphs, so that networks can be joined at the pairs without making a cycle.
import { expected } from '../../src/errors.ts';
import { align } from './alignment.ts';
import { allDownSets, downSetsAlong } from './down-sets.ts';
import { matchingProblem, outranks, type Choice, type EligiblePair, type MatchingProblem } from './problem.ts';
import { type Dag } from './reachability.ts';
import { search } from './search.ts';

export type { Dag, EligiblePair };

/** A valid matching: one-to-one, and acyclic when each pair is contracted to one vertex. */
export interface Matching {
  /** Sorted by `a`. */
  readonly pairs: readonly EligiblePair[];
  readonly weight: number;
  /** Whether the weight is known to be the greatest possible. */
  readonly optimal: boolean;
}

/** Where the search stops short of the optimum. The alignment before it is bounded by itself, to tens of milliseconds. */
export interface MatchOptions {
  /** Wall-clock milliseconds. Not reproducible, so off by default. */
  readonly timeLimitMs?: number;
  /** Subproblems to explore, 20,000 by default: a limit that gives the same answer everywhere. */
  readonly maxSubproblems?: number;
}

/** Down-sets of one graph, and pairs of them, that an alignment may have: it then takes 24 MB and tens of milliseconds. */
const maxDownSets = 2 ** 12;
const maxCells = 2 ** 20;

/**
 * The heaviest valid matching of two graphs, from a list of eligible pairs.
 *
 * Graphs with few down-sets, such as chains with side branches (residual and inception networks), are aligned, which
 * is exact and polynomial; wide ones go to a branch-and-bound search, which is exact where it ends within its limits,
 * and `optimal: false` where it does not. Weights are told apart to about 12 digits. Among matchings of equal weight,
 * the one with the least sum of squared differences of relative depth is taken if the graphs were aligned, and
 * preferred by the search; what is still tied goes by vertex number. So the answer depends on the two graphs and the
 * pairs alone, not on the order in which edges and pairs are listed.
 *
 * Throws `bad-argument` for a cyclic graph, a vertex that does not exist, a weight or a limit out of range.
 *
 * Source: the matching of the stitching crossover in the reference code of "Efficient Model Stitching", without its
 * rule for pruning the queue, which discards branches that hold the optimum.
 */
export function matchGraphs(a: Dag, b: Dag, eligible: readonly EligiblePair[], options: MatchOptions = {}): Matching {
  const { timeLimitMs = Infinity, maxSubproblems = 20_000 } = options;
  for (const [path, limit] of Object.entries({ timeLimitMs, maxSubproblems })) {
    if (!(limit >= 0)) throw expected('bad-argument', 'a limit of 0 or more', limit, path);
  }
  const problem = matchingProblem(a, b, eligible);
  const aligned = alignGraphs(problem);
  const { best, optimal } = aligned.optimal ? aligned : search(problem, aligned.best, { timeLimitMs, maxSubproblems });
  const pairs = best.chosen.map((pair) => problem.pairs[pair]!);
  return { pairs, weight: pairs.reduce((sum, pair) => sum + pair.weight, 0), optimal };
}

/** The best along the richest families of down-sets that fit: the optimum if these are all down-sets of both graphs. */
function alignGraphs(problem: MatchingProblem): { best: Choice; optimal: boolean } {
  const listedA = [...new Set(problem.pairs.map((pair) => pair.a))];
  const listedB = [...new Set(problem.pairs.map((pair) => pair.b))];
  const allA = allDownSets(problem.a, listedA, maxDownSets);
  const allB = allDownSets(problem.b, listedB, maxDownSets);
  if (allA && allB && allA.count * allB.count <= maxCells) return { best: align(problem, allA, allB), optimal: true };
  const alongA = downSetsAlong(problem.a, listedA);
  const alongB = downSetsAlong(problem.b, listedB);
  let best = align(problem, alongA, alongB);
  if (allA && allA.count * alongB.count <= maxCells) best = better(best, align(problem, allA, alongB));
  if (allB && alongA.count * allB.count <= maxCells) best = better(best, align(problem, alongA, allB));
  return { best, optimal: false };
}

function better(one: Choice, other: Choice): Choice {
  return outranks(other, one) ? other : one;
}
