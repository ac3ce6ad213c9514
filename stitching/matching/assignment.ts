// The heaviest one-to-one choice from a sparse list of pairs, whatever the order of the two graphs says.
import { has, type BitSet } from './bit-set.ts';
import { type MatchingProblem } from './problem.ts';

/**
 * The pairs of a problem as a sparse square assignment, laid out for shortest augmenting paths.
 *
 * Each vertex of graph a is a row and each vertex of graph b a column. Every row also has a spare column of its own
 * and every column a spare row, at cost 0, so that "unmatched" is a choice like any other and all rows get filled;
 * the spares of a pair join each other, so that they are out of the way when the pair is chosen.
 */
export interface AssignmentLayout {
  readonly size: number;
  /** The arcs of row r are those from starts[r] up to starts[r + 1]. */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  /** The pair that an arc stands for, -1 for arcs of spares. */
  readonly pairs: Int32Array;
  /** Costs are compared lexicographically: minus the weight, then the penalty. */
  readonly costs: Float64Array;
  readonly ties: Float64Array;
}

/** An optimal assignment, with the column prices that prove it optimal. */
export interface Assignment {
  /** Per column the arc that fills it. */
  readonly filledBy: Int32Array;
  readonly prices: Float64Array;
  readonly tiePrices: Float64Array;
}

/** Lays out the pairs of a problem. O(size + pairs). */
export function assignmentLayout({ a, b, pairs, weights, penalties }: MatchingProblem): AssignmentLayout {
  const size = a.size + b.size;
  const arcs = Array.from({ length: size }, (_, row) => [
    { row, column: row < a.size ? b.size + row : row - a.size, pair: -1, cost: 0, tie: 0 },
  ]);
  pairs.forEach((pair, index) => {
    arcs[pair.a]!.push({ row: pair.a, column: pair.b, pair: index, cost: -weights[index]!, tie: penalties[index]! });
    arcs[a.size + pair.b]!.push({ row: a.size + pair.b, column: b.size + pair.a, pair: -1, cost: 0, tie: 0 });
  });
  const flat = arcs.flat();
  const starts = new Int32Array(size + 1);
  arcs.forEach((list, row) => (starts[row + 1] = starts[row]! + list.length));
  return {
    size,
    starts,
    rows: Int32Array.from(flat, (arc) => arc.row),
    columns: Int32Array.from(flat, (arc) => arc.column),
    pairs: Int32Array.from(flat, (arc) => arc.pair),
    costs: Float64Array.from(flat, (arc) => arc.cost),
    ties: Float64Array.from(flat, (arc) => arc.tie),
  };
}

/** The pairs that an assignment chooses, ascending. */
export function chosenPairs(layout: AssignmentLayout, { filledBy }: Assignment): number[] {
  const chosen = Array.from(filledBy, (arc) => layout.pairs[arc]!).filter((pair) => pair >= 0);
  return chosen.sort((one, other) => one - other);
}

/**
 * The assignment of greatest weight, and of least penalty among those, without the dropped pairs.
 *
 * `from` may be the answer for fewer dropped pairs: its prices still hold, so that only the rows that lost their pair
 * are filled anew, each by one shortest augmenting path in O(size^2 + pairs).
 *
 * Source: Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment
 * problems" (1987).
 */
export function assign(layout: AssignmentLayout, dropped: BitSet, from?: Assignment): Assignment {
  const { size, pairs, rows } = layout;
  const isOut = (arc: number): boolean => pairs[arc]! >= 0 && has(dropped, pairs[arc]!);
  const assignment: Assignment = {
    filledBy: from?.filledBy.map((arc) => (isOut(arc) ? -1 : arc)) ?? new Int32Array(size).fill(-1),
    prices: from?.prices.slice() ?? new Float64Array(size),
    tiePrices: from?.tiePrices.slice() ?? new Float64Array(size),
  };
  const arcOf = new Int32Array(size).fill(-1);
  for (const arc of assignment.filledBy) if (arc >= 0) arcOf[rows[arc]!] = arc;
  for (let row = 0; row < size; row++) if (arcOf[row]! < 0) fillRow(layout, isOut, assignment, arcOf, row);
  return assignment;
}

/** Fills `start` in place, by the cheapest way to move the rows in its way on to other columns (Dijkstra's algorithm). */
function fillRow(
  { size, starts, rows, columns, costs, ties }: AssignmentLayout,
  isOut: (arc: number) => boolean,
  { filledBy, prices, tiePrices }: Assignment,
  arcOf: Int32Array,
  start: number,
): void {
  const lengths = new Float64Array(size).fill(Infinity);
  const tieLengths = new Float64Array(size).fill(Infinity);
  const reachedBy = new Int32Array(size);
  const isDone = new Uint8Array(size);
  const done: number[] = [];
  // The length of the way up to `row`, less the row's own price: that of `start` does not matter.
  let base = 0;
  let tieBase = 0;
  let row = start;
  let nearest: number;
  for (;;) {
    for (let arc = starts[row]!; arc < starts[row + 1]!; arc++) {
      const column = columns[arc]!;
      if (isDone[column] === 1 || isOut(arc)) continue;
      const length = base + costs[arc]! - prices[column]!;
      const tieLength = tieBase + ties[arc]! - tiePrices[column]!;
      if (length > lengths[column]! || (length === lengths[column] && tieLength >= tieLengths[column]!)) continue;
      lengths[column] = length;
      tieLengths[column] = tieLength;
      reachedBy[column] = arc;
    }
    // There always is one: every row can at least move to its spare column.
    nearest = -1;
    let least = Infinity;
    let leastTie = Infinity;
    for (let column = 0; column < size; column++) {
      if (isDone[column] === 1 || lengths[column]! > least) continue;
      if (lengths[column] === least && tieLengths[column]! >= leastTie) continue;
      nearest = column;
      least = lengths[column]!;
      leastTie = tieLengths[column]!;
    }
    const filled = filledBy[nearest]!;
    if (filled < 0) break;
    isDone[nearest] = 1;
    done.push(nearest);
    row = rows[filled]!;
    base = least - (costs[filled]! - prices[nearest]!);
    tieBase = leastTie - (ties[filled]! - tiePrices[nearest]!);
  }
  for (const column of done) {
    prices[column]! -= lengths[nearest]! - lengths[column]!;
    tiePrices[column]! -= tieLengths[nearest]! - tieLengths[column]!;
  }
  // Back along the way: each row takes the column that it reached, and leaves its own to the row before it.
  for (let column = nearest; ;) {
    const arc = reachedBy[column]!;
    const left = arcOf[rows[arc]!]!;
    arcOf[rows[arc]!] = arc;
    filledBy[column] = arc;
    if (left < 0) return;
    column = columns[left]!;
  }
}
