// Who reaches whom in a directed acyclic graph, with a topological order and depths.
import { expected } from '../../src/errors.ts';
import { add, addAll, emptySet, has, type BitSet } from './bit-set.ts';

/** A DAG over vertices 0..size-1, edges as [from, to]. */
export interface Dag {
  readonly size: number;
  readonly edges: readonly (readonly [number, number])[];
}

/** The transitive closure of a DAG. Every vertex is its own descendant and ancestor. */
export interface Reachability {
  readonly size: number;
  /** All vertices, ancestors first: by depth, then by number, so that the order of the edges does not matter. */
  readonly order: readonly number[];
  /** Edges on the longest path that ends in the vertex. */
  readonly depths: readonly number[];
  readonly descendants: readonly BitSet[];
  readonly ancestors: readonly BitSet[];
}

/** Whether a path of one or more edges leads from `from` to `to`. O(1). */
export function reaches(graph: Reachability, from: number, to: number): boolean {
  return from !== to && has(graph.descendants[from], to);
}

/**
 * The transitive closure of `graph`, in O(edges * size / 32).
 *
 * Throws `bad-argument` for a size that is no whole number, an edge to a vertex that does not exist, and a cycle;
 * `path` names the graph in the message.
 */
export function reachability(graph: Dag, path: string): Reachability {
  const { size, edges } = graph;
  if (!Number.isSafeInteger(size) || size < 0) throw expected('bad-argument', 'a number of vertices', size, path);
  const successors = Array.from({ length: size }, (): number[] => []);
  const waiting = new Int32Array(size);
  for (const [from, to] of edges) {
    for (const end of [from, to]) requireVertex(end, size, `${path}.edges`);
    successors[from].push(to);
    waiting[to]++;
  }
  const depths = new Array<number>(size).fill(0);
  const order: number[] = [];
  for (let vertex = 0; vertex < size; vertex++) if (waiting[vertex] === 0) order.push(vertex);
  // The list grows while it is read: a vertex joins when its last predecessor has been read.
  for (const vertex of order) {
    for (const next of successors[vertex]) {
      depths[next] = Math.max(depths[next], depths[vertex] + 1);
      if (--waiting[next] === 0) order.push(next);
    }
  }
  if (order.length < size) {
    const stuck = waiting.findIndex((count) => count > 0);
    throw expected('bad-argument', 'a graph without cycles', `a cycle at or before vertex ${stuck}`, `${path}.edges`);
  }
  order.sort((one, other) => depths[one] - depths[other] || one - other);

  const descendants = Array.from({ length: size }, (_, vertex) => singleton(vertex, size));
  const ancestors = Array.from({ length: size }, (_, vertex) => singleton(vertex, size));
  for (const vertex of order) for (const next of successors[vertex]) addAll(ancestors[next], ancestors[vertex]);
  for (const vertex of order.toReversed()) {
    for (const next of successors[vertex]) addAll(descendants[vertex], descendants[next]);
  }
  return { size, order, depths, descendants, ancestors };
}

/** Throws `bad-argument` unless `vertex` is one of 0..size-1. */
export function requireVertex(vertex: number, size: number, path: string): void {
  if (Number.isSafeInteger(vertex) && vertex >= 0 && vertex < size) return;
  throw expected('bad-argument', `a vertex from 0 to ${size - 1}`, vertex, path);
}

function singleton(item: number, capacity: number): BitSet {
  const set = emptySet(capacity);
  add(set, item);
  return set;
}
