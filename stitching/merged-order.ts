// An order of the nodes of two matched networks in which every choice of stitches can be computed.
import type { Dag, Matching } from './matching/match-graphs.ts';

/** A vertex of the merged graph: one node of either network, or two matched ones. Positions in `nodes`. */
export interface MergedVertex {
  readonly a?: number;
  readonly b?: number;
}

/**
 * The vertices of the graph in which each matched pair is one vertex, ancestors first, otherwise in the order of `a`
 * and then of `b`. The matching guarantees that this graph has no cycle, so whatever a switch behind a pair reads,
 * a node of its own network or a stitch from the other, comes before the switch.
 */
export function mergedOrder(a: Dag, b: Dag, { pairs }: Matching): MergedVertex[] {
  const vertexOfA = Array.from({ length: a.size }, (_, index): MergedVertex => ({ a: index }));
  const vertexOfB = Array.from({ length: b.size }, (_, index): MergedVertex => ({ b: index }));
  for (const pair of pairs) vertexOfA[pair.a] = vertexOfB[pair.b] = { a: pair.a, b: pair.b };
  const readByA = inputsOf(a);
  const readByB = inputsOf(b);
  const ordered = new Set<MergedVertex>();
  const visit = (vertex: MergedVertex): void => {
    if (ordered.has(vertex)) return;
    if (vertex.a !== undefined) for (const input of readByA[vertex.a]!) visit(vertexOfA[input]!);
    if (vertex.b !== undefined) for (const input of readByB[vertex.b]!) visit(vertexOfB[input]!);
    ordered.add(vertex);
  };
  for (const vertex of [...vertexOfA, ...vertexOfB]) visit(vertex);
  return [...ordered];
}

function inputsOf({ size, edges }: Dag): number[][] {
  const inputs = Array.from({ length: size }, (): number[] => []);
  for (const [from, to] of edges) inputs[to]!.push(from);
  return inputs;
}
