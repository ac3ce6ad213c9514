// Where a choice of pairs contradicts the order of the two graphs, and what any valid matching does without there.
import { add, emptySet, has, type BitSet } from './bit-set.ts';
import { type EligiblePair, type MatchingProblem } from './problem.ts';
import { reaches, type Reachability } from './reachability.ts';

/** A stretch of a cycle inside one graph, between the vertices of two chosen pairs. */
interface Run {
  readonly inB: boolean;
  readonly from: EligiblePair;
  readonly to: EligiblePair;
}

/**
 * A valid part of `chosen`: all of it if contracting the pairs leaves no cycle, else what remains when the pairs in
 * most conflict are given up one by one. O(chosen^2).
 */
export function withoutConflicts({ a, b, pairs, weights }: MatchingProblem, chosen: readonly number[]): number[] {
  const count = chosen.length;
  const precedes = new Uint8Array(count * count);
  const waiting = new Int32Array(count);
  chosen.forEach((one, i) => {
    chosen.forEach((other, j) => {
      if (!reaches(a, pairs[one]!.a, pairs[other]!.a) && !reaches(b, pairs[one]!.b, pairs[other]!.b)) return;
      precedes[i * count + j] = 1;
      waiting[j]!++;
    });
  });
  const opposed = chosen.map((_, i) =>
    chosen.reduce((sum, other, j) => sum + precedes[i * count + j]! * precedes[j * count + i]! * weights[other]!, 0),
  );
  const kept: number[] = [];
  const left = new Set(chosen.keys());
  while (left.size > 0) {
    let next = -1;
    for (const i of left) {
      if (waiting[i] === 0) {
        next = i;
        kept.push(chosen[i]!);
        break;
      }
      // Of those that wait for one another: the one whose weight stands against the most weight.
      if (next < 0 || opposed[i]! * weights[chosen[next]!]! > opposed[next]! * weights[chosen[i]!]!) next = i;
    }
    left.delete(next);
    for (const j of left) {
      waiting[j]! -= precedes[next * count + j]!;
      opposed[j]! -= precedes[next * count + j]! * precedes[j * count + next]! * weights[chosen[next]!]!;
    }
  }
  return kept.sort((one, other) => one - other);
}

/**
 * Sets of pairs of which every valid matching must leave out one as a whole; each holds a chosen pair. Undefined if
 * `chosen` is valid.
 *
 * A cycle of the contracted graph is a ring of runs, taking turns between the graphs; run k ends, and run k + 1
 * starts, at the two vertices of a chosen pair. Pick an edge (s_k, t_k) on each run and let
 * D_k = desc*(t_k) x anc*(s_k+1), both with the vertex itself.
 * - D_k holds the chosen pair between runs k and k + 1: t_k reaches its one vertex, its other vertex reaches s_k+1.
 * - If a matching used a pair (p, q) of every D_k, then t_k ~> p = q ~> s_k+1 -> t_k+1 for all k: a cycle. So a valid
 *   matching uses no pair at all of some D_k, and to branch on "leave out D_k", for each k, misses no valid matching.
 * Any edge of the run will do; one in the middle makes both of the sets next to it large.
 */
export function cutSets(problem: MatchingProblem, chosen: readonly number[]): BitSet[] | undefined {
  const { a, b, pairs } = problem;
  const used = chosen.map((pair) => pairs[pair]!);
  const ring = widestInversion(a, b, used) ?? shortestRing(a, b, used);
  if (ring === undefined) return undefined;
  const cuts = ring.map(({ inB, from, to }) => (inB ? middleEdge(b, from.b, to.b) : middleEdge(a, from.a, to.a)));
  return ring.map(({ inB }, k) => {
    const [, tail] = cuts[k]!;
    const [head] = cuts[(k + 1) % ring.length]!;
    const setA = inB ? a.ancestors[head]! : a.descendants[tail]!;
    const setB = inB ? b.descendants[tail]! : b.ancestors[head]!;
    const dropped = emptySet(pairs.length);
    pairs.forEach((pair, index) => {
      if (has(setA, pair.a) && has(setB, pair.b)) add(dropped, index);
    });
    return dropped;
  });
}

/** Two pairs in opposite order, if there are any: of all such the two that are furthest apart in both graphs. */
function widestInversion(a: Reachability, b: Reachability, used: readonly EligiblePair[]): Run[] | undefined {
  let widest: Run[] | undefined;
  let width = 0;
  for (const one of used) {
    for (const other of used) {
      if (!reaches(a, one.a, other.a) || !reaches(b, other.b, one.b)) continue;
      const distance = Math.min(a.depths[other.a]! - a.depths[one.a]!, b.depths[one.b]! - b.depths[other.b]!);
      if (distance <= width) continue;
      width = distance;
      widest = [
        { inB: false, from: one, to: other },
        { inB: true, from: other, to: one },
      ];
    }
  }
  return widest;
}

/** A ring of the fewest runs, by breadth-first search from every pair. O(used^3). */
function shortestRing(a: Reachability, b: Reachability, used: readonly EligiblePair[]): Run[] | undefined {
  let shortest: Run[] | undefined;
  for (const start of used) {
    // The pairs reached so far by an even and by an odd number of runs; the first run is in `a`.
    const known = [new Set([start]), new Set<EligiblePair>()];
    const queue: { at: EligiblePair; way: Run[] }[] = [{ at: start, way: [] }];
    for (const { at, way } of queue) {
      if (shortest !== undefined && way.length + 1 >= shortest.length) break;
      const inB = way.length % 2 === 1;
      for (const to of used) {
        if (inB ? !reaches(b, at.b, to.b) : !reaches(a, at.a, to.a)) continue;
        const longer = [...way, { inB, from: at, to }];
        // A ring closes when both graphs have had their turn.
        if (inB && to === start) shortest = longer;
        const reached = known[longer.length % 2]!;
        if (reached.has(to)) continue;
        reached.add(to);
        queue.push({ at: to, way: longer });
      }
    }
  }
  return shortest;
}

/** An edge near the middle, by depth, of the paths between two vertices. */
function middleEdge(graph: Reachability, from: number, to: number): readonly [number, number] {
  const { ancestors, covers, depths, descendants } = graph;
  let best = covers[0]!;
  let bestDistance = Infinity;
  for (const edge of covers) {
    if (!has(descendants[from]!, edge[0]) || !has(ancestors[to]!, edge[1])) continue;
    const distance = Math.abs(depths[edge[0]]! + depths[edge[1]]! - depths[from]! - depths[to]!);
    if (distance >= bestDistance) continue;
    best = edge;
    bestDistance = distance;
  }
  return best;
}
