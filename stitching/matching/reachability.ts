// Who reaches whom in a directed acyclic graph, with a topological order and depths.
import { expected, Words } from '../../src/errors.ts';
import { add, addAll, countCommon, emptySet, has, type BitSet } from './bit-set.ts';

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
  /** The edges that no longer path bypasses (the transitive reduction), in ascending order. */
  readonly covers: readonly (readonly [number, number])[];
}

/** Whether a path of one or more edges leads from `from` to `to`. O(1). */
export function reaches(graph: Reachability, from: number, to: number): boolean {
  return from !== to && has(graph.descendants[from]!, to);
}

/**
 * The transitive closure of `graph`, in O(edges * size / 32).
 *
 * Throws `bad-argument` for a size that is no whole number, an edge to a vertex that does not exist, and a cycle;
 * `path` names the graph in the message.
 */
export function reachability(graph: Dag, path: string): Reachability {
  const { size } = graph;
  if (!Number.isSafeInteger(size) || size < 0) throw expected('bad-argument', 'a number of vertices', size, path);
  const successors = successorLists(graph, path);
  const depths = longestDepths(successors, path);
  const order = depths.map((_, vertex) => vertex).sort((one, other) => depths[one]! - depths[other]! || one - other);

  const descendants = order.map((_, vertex) => singleton(vertex, size));
  const ancestors = order.map((_, vertex) => singleton(vertex, size));
  for (const vertex of order) for (const next of successors[vertex]!) addAll(ancestors[next]!, ancestors[vertex]!);
  for (const vertex of order.toReversed()) {
    for (const next of successors[vertex]!) addAll(descendants[vertex]!, descendants[next]!);
  }
  // Only the two ends lie between the ends of an edge that nothing bypasses.
  const covers = successors.flatMap((nexts, from) =>
    nexts.filter((to) => countCommon(descendants[from]!, ancestors[to]!) === 2).map((to) => [from, to] as const),
  );
  return { size, order, depths, descendants, ancestors, covers };
}

/** Throws `bad-argument` unless `vertex` is one of 0..size-1. */
export function requireVertex(vertex: number, size: number, path: string): void {
  if (Number.isSafeInteger(vertex) && vertex >= 0 && vertex < size) return;
  throw expected('bad-argument', `a vertex of a graph of size ${size}, counted from 0`, vertex, path);
}

/** Each vertex's successors, ascending and without repeats. */
function successorLists({ size, edges }: Dag, path: string): number[][] {
  const successors = Array.from({ length: size }, () => new Set<number>());
  for (const [from, to] of edges) {
    requireVertex(from, size, `${path}.edges`);
    requireVertex(to, size, `${path}.edges`);
    successors[from]!.add(to);
  }
  return successors.map((set) => [...set].sort((one, other) => one - other));
}

function longestDepths(successors: readonly (readonly number[])[], path: string): number[] {
  const waiting = successors.map(() => 0);
  for (const nexts of successors) for (const next of nexts) waiting[next]!++;
  const depths = successors.map(() => 0);
  const ready = [...waiting.keys()].filter((vertex) => waiting[vertex] === 0);
  // The list grows while it is read: a vertex joins when its last predecessor has been read.
  for (const vertex of ready) {
    for (const next of successors[vertex]!) {
      depths[next] = Math.max(depths[next]!, depths[vertex]! + 1);
      if (--waiting[next]! === 0) ready.push(next);
    }
  }
  if (ready.length < successors.length) {
    const stuck = waiting.findIndex((count) => count > 0);
    throw expected(
      'bad-argument',
      'a graph without cycles',
      new Words(`a cycle at or before vertex ${stuck}`),
      `${path}.edges`,
    );
  }
  return depths;
}

function singleton(item: number, capacity: number): BitSet {
  const set = emptySet(capacity);
  add(set, item);
  return set;
}
