// The heaviest one-to-one choice from a sparse list of pairs, order of the graphs left aside.
import { has, type BitSet } from './bit-set.ts';

/**
 * A sparse bipartite graph, laid out for shortest augmenting paths.
 *
 * Every row gets a private spare column and every column a private spare row, so that "unmatched" is a choice of cost
 * 0 and every solution is a perfect matching. Costs are pairs of integers compared lexicographically.
 */
export interface AssignmentGraph {
  readonly rows: number;
  readonly columns: number;
  readonly pairCount: number;
  /** The arcs of row r are at starts[r] .. starts[r + 1] - 1. */
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  /** The pair an arc stands for, -1 for a spare. */
  readonly pairs: Int32Array;
  readonly costs: Float64Array;
  readonly tieCosts: Float64Array;
}

/** An optimal assignment with the dual prices that prove it; the start for solving the same graph with fewer pairs. */
export interface Assignment {
  /** The chosen pairs, by row. */
  readonly chosen: readonly number[];
  readonly weight: number;
  readonly penalty: number;
  /** Per column (spares included), the arc that fills it. */
  readonly filledBy: Int32Array;
  readonly prices: Prices;
}

interface Prices {
  readonly row: Float64Array;
  readonly rowTie: Float64Array;
  readonly column: Float64Array;
  readonly columnTie: Float64Array;
}

/** A pair of the graph: `weight` to be maximised, then `penalty` to be minimised; both integers of small sum. */
export interface WeightedPair {
  readonly row: number;
  readonly column: number;
  readonly weight: number;
  readonly penalty: number;
}

/** Lays out the pairs, which must be sorted by row. O(rows + columns + pairs). */
export function assignmentGraph(rows: number, columns: number, pairs: readonly WeightedPair[]): AssignmentGraph {
  const size = rows + columns;
  const byRow = Array.from({ length: size }, (): [number, number, number, number][] => []);
  pairs.forEach(({ row, column, weight, penalty }, index) => {
    byRow[row].push([column, index, -weight, penalty]);
    byRow[rows + column].push([columns + row, -1, 0, 0]);
  });
  for (let row = 0; row < rows; row++) byRow[row].push([columns + row, -1, 0, 0]);
  for (let column = 0; column < columns; column++) byRow[rows + column].push([column, -1, 0, 0]);
  const arcs = byRow.flat();
  const starts = new Int32Array(size + 1);
  byRow.forEach((list, row) => (starts[row + 1] = starts[row] + list.length));
  return {
    rows,
    columns,
    pairCount: pairs.length,
    starts,
    targets: Int32Array.from(arcs, (arc) => arc[0]),
    pairs: Int32Array.from(arcs, (arc) => arc[1]),
    costs: Float64Array.from(arcs, (arc) => arc[2]),
    tieCosts: Float64Array.from(arcs, (arc) => arc[3]),
  };
}

/**
 * The assignment of greatest weight, and of least penalty among those, that uses no dropped pair.
 *
 * `from` may be the assignment for a subset of `dropped`: only rows that lost their pair are assigned anew. Each
 * takes one shortest path, O(size^2 + pairs).
 */
export function assign(graph: AssignmentGraph, dropped: BitSet, from?: Assignment): Assignment {
  const size = graph.rows + graph.columns;
  const { starts, targets, pairs, costs, tieCosts } = graph;
  const rowOf = rowsOfArcs(graph);
  const filledBy = from ? from.filledBy.slice() : new Int32Array(size).fill(-1);
  const u = from ? from.prices.row.slice() : new Float64Array(size);
  const uTie = from ? from.prices.rowTie.slice() : new Float64Array(size);
  const v = from ? from.prices.column.slice() : new Float64Array(size);
  const vTie = from ? from.prices.columnTie.slice() : new Float64Array(size);
  const alive = (arc: number): boolean => pairs[arc] < 0 || !has(dropped, pairs[arc]);
  const free: number[] = [];
  const arcOf = new Int32Array(size).fill(-1);
  for (const arc of filledBy) if (arc >= 0) arcOf[rowOf[arc]] = arc;
  if (from) {
    for (let column = 0; column < size; column++) {
      if (alive(filledBy[column])) continue;
      free.push(rowOf[filledBy[column]]);
      filledBy[column] = -1;
    }
  } else {
    for (let row = 0; row < size; row++) {
      free.push(row);
      let best = -1;
      for (let arc = starts[row]; arc < starts[row + 1]; arc++) {
        if (!alive(arc)) continue;
        if (best < 0 || costs[arc] < costs[best] || (costs[arc] === costs[best] && tieCosts[arc] < tieCosts[best])) best = arc;
      }
      u[row] = costs[best];
      uTie[row] = tieCosts[best];
    }
  }
  const distance = new Float64Array(size);
  const distanceTie = new Float64Array(size);
  const via = new Int32Array(size);
  const done = new Uint8Array(size);
  for (const start of free) {
    distance.fill(Infinity);
    distanceTie.fill(Infinity);
    done.fill(0);
    via.fill(-1);
    const scanned: number[] = [];
    let row = start;
    let base = 0;
    let baseTie = 0;
    let column: number;
    for (;;) {
      for (let arc = starts[row]; arc < starts[row + 1]; arc++) {
        const to = targets[arc];
        if (done[to] || !alive(arc)) continue;
        const length = base + costs[arc] - u[row] - v[to];
        const lengthTie = baseTie + tieCosts[arc] - uTie[row] - vTie[to];
        if (length < distance[to] || (length === distance[to] && lengthTie < distanceTie[to])) {
          distance[to] = length;
          distanceTie[to] = lengthTie;
          via[to] = arc;
        }
      }
      column = -1;
      for (let to = 0; to < size; to++) {
        if (done[to] || via[to] < 0) continue;
        if (
          column < 0 ||
          distance[to] < distance[column] ||
          (distance[to] === distance[column] && distanceTie[to] < distanceTie[column])
        )
          column = to;
      }
      base = distance[column];
      baseTie = distanceTie[column];
      if (filledBy[column] < 0) break;
      done[column] = 1;
      scanned.push(column);
      row = rowOf[filledBy[column]];
    }
    u[start] += base;
    uTie[start] += baseTie;
    for (const to of scanned) {
      const mate = rowOf[filledBy[to]];
      u[mate] += base - distance[to];
      uTie[mate] += baseTie - distanceTie[to];
      v[to] -= base - distance[to];
      vTie[to] -= baseTie - distanceTie[to];
    }
    for (;;) {
      const arc = via[column];
      const filled = rowOf[arc];
      const previous = arcOf[filled];
      arcOf[filled] = arc;
      filledBy[column] = arc;
      if (filled === start) break;
      column = targets[previous];
    }
  }
  const chosen: number[] = [];
  let weight = 0;
  let penalty = 0;
  for (let column = 0; column < graph.columns; column++) {
    const arc = filledBy[column];
    if (pairs[arc] < 0) continue;
    chosen.push(pairs[arc]);
    weight -= costs[arc];
    penalty += tieCosts[arc];
  }
  chosen.sort((one, other) => one - other);
  return { chosen, weight, penalty, filledBy, prices: { row: u, rowTie: uTie, column: v, columnTie: vTie } };
}

function rowsOfArcs(graph: AssignmentGraph): Int32Array {
  const rows = new Int32Array(graph.targets.length);
  for (let row = 0; row + 1 < graph.starts.length; row++) rows.fill(row, graph.starts[row], graph.starts[row + 1]);
  return rows;
}
