// The heaviest valid matching by branch and bound, for graphs too wide to align.
import { assign, assignmentLayout, chosenPairs, type Assignment } from './assignment.ts';
import { addAll, emptySet, keyOf, type BitSet } from './bit-set.ts';
import { cutSets, withoutConflicts } from './conflicts.ts';
import { PriorityQueue } from './priority-queue.ts';
import { choiceOf, outranks, type Choice, type MatchingProblem } from './problem.ts';

/** When to stop short of the optimum. */
export interface SearchLimits {
  /** Wall-clock time; what is found within it differs from run to run. */
  readonly timeLimitMs: number;
  readonly maxSubproblems: number;
}

/** All matchings without the dropped pairs; the best assignment of the rest bounds them. */
interface Subproblem {
  readonly dropped: BitSet;
  readonly assignment: Assignment;
  readonly bound: Choice;
  readonly depth: number;
  readonly serial: number;
}

/**
 * Best-first search: the assignment of greatest weight bounds all valid matchings of a subproblem, and is the answer
 * once it is valid itself; else each of the `cutSets` of one of its cycles is dropped in turn, which misses no valid
 * matching. Each branch loses a chosen pair, so the search ends.
 *
 * `known` is a valid matching to start from. Exact in the weight; of equal weights it tends to find little penalty,
 * because assignments do, but stops at the first. Exponential in the worst case.
 */
export function search(
  problem: MatchingProblem,
  known: Choice,
  limits: SearchLimits,
): { readonly best: Choice; readonly optimal: boolean } {
  const layout = assignmentLayout(problem);
  const queue = new PriorityQueue<Subproblem>(isBefore);
  const seen = new Set<string>();
  let serial = 0;
  const enqueue = (dropped: BitSet, parent?: Subproblem): void => {
    const key = keyOf(dropped);
    if (seen.has(key)) return;
    seen.add(key);
    const assignment = assign(layout, dropped, parent?.assignment);
    const bound = choiceOf(problem, chosenPairs(layout, assignment));
    if (bound.weight <= best.weight) return;
    queue.push({ dropped, assignment, bound, depth: parent === undefined ? 0 : parent.depth + 1, serial: serial++ });
  };

  let best = known;
  enqueue(emptySet(problem.pairs.length));
  const deadline = performance.now() + limits.timeLimitMs;
  for (let explored = 0; ; explored++) {
    const next = queue.pop();
    if (next === undefined || next.bound.weight <= best.weight) return { best, optimal: true };
    if (explored >= limits.maxSubproblems || performance.now() >= deadline) return { best, optimal: false };
    const valid = choiceOf(problem, withoutConflicts(problem, next.bound.chosen));
    if (outranks(valid, best)) best = valid;
    for (const cut of cutSets(problem, next.bound.chosen) ?? []) {
      const dropped = next.dropped.slice();
      addAll(dropped, cut);
      enqueue(dropped, next);
    }
  }
}

/** Greatest bound first; of equal bounds the deepest, so that one good branch is followed to its end. */
function isBefore(one: Subproblem, other: Subproblem): boolean {
  if (one.bound.weight !== other.bound.weight) return one.bound.weight > other.bound.weight;
  if (one.depth !== other.depth) return one.depth > other.depth;
  if (one.bound.penalty !== other.bound.penalty) return one.bound.penalty < other.bound.penalty;
  return one.serial < other.serial;
}
