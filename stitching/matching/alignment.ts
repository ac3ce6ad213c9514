// The best matching along two families of down-sets: sequence alignment, carried over to partial orders.
import { type DownSets } from './down-sets.ts';
import { choiceOf, type Choice, type MatchingProblem } from './problem.ts';

/**
 * The heaviest matching, of least penalty among those, that two families of down-sets allow.
 *
 * A matching is valid exactly if the merged graph has a topological order. Read along that order, both graphs grow
 * through down-sets: by a vertex of `a`, by a vertex of `b`, or by a pair of them at once. So the best matching of two
 * sets is the best over their last steps. With *all* down-sets of both graphs this is the optimum; with fewer it is a
 * valid matching. On two chains it is the classic alignment of two sequences.
 *
 * O(cells * steps), one cell for each set of `a` with each set of `b`: polynomial for graphs of bounded width.
 */
export function align(problem: MatchingProblem, a: DownSets, b: DownSets): Choice {
  const cells = a.count * b.count;
  const bestWeights = new Float64Array(cells);
  const bestPenalties = new Float64Array(cells);
  const cameFrom = new Int32Array(cells).fill(-1);
  const chosenAt = new Int32Array(cells).fill(-1);
  const { weights, penalties } = problem;
  const width = problem.b.size;
  const pairAt = new Int32Array(problem.a.size * width).fill(-1);
  problem.pairs.forEach((pair, index) => (pairAt[pair.a * width + pair.b] = index));

  for (let cell = 1; cell < cells; cell++) {
    const setA = Math.floor(cell / b.count);
    const setB = cell % b.count;
    let weight = -1;
    let penalty = 0;
    // One place past a set's own steps stands for "stay": only the other graph grows.
    for (let stepA = a.starts[setA]!; stepA <= a.starts[setA + 1]!; stepA++) {
      const staysA = stepA === a.starts[setA + 1];
      const row = (staysA ? setA : a.sources[stepA]!) * b.count;
      for (let stepB = b.starts[setB]!; stepB <= b.starts[setB + 1]!; stepB++) {
        const staysB = stepB === b.starts[setB + 1];
        if (staysA && staysB) continue;
        const pair = staysA || staysB ? -1 : pairAt[a.vertices[stepA]! * width + b.vertices[stepB]!]!;
        const from = row + (staysB ? setB : b.sources[stepB]!);
        const total = bestWeights[from]! + (pair < 0 ? 0 : weights[pair]!);
        if (total < weight) continue;
        const totalPenalty = bestPenalties[from]! + (pair < 0 ? 0 : penalties[pair]!);
        if (total === weight && totalPenalty >= penalty) continue;
        weight = total;
        penalty = totalPenalty;
        cameFrom[cell] = from;
        chosenAt[cell] = pair;
      }
    }
    bestWeights[cell] = weight;
    bestPenalties[cell] = penalty;
  }

  const chosen: number[] = [];
  for (let cell = cells - 1; cell > 0; cell = cameFrom[cell]!) if (chosenAt[cell]! >= 0) chosen.push(chosenAt[cell]!);
  return choiceOf(
    problem,
    chosen.sort((one, other) => one - other),
  );
}
