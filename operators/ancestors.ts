// Which nodes each node of a network is computed from.
import type { Network } from '../src/network/network.ts';

/** Node id -> the ids of all nodes that it depends on, directly or not, in network order. */
export function ancestorsOf({ nodes }: Network): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, ReadonlySet<string>>();
  for (const { id, inputs } of nodes) {
    const needed = new Set(inputs.flatMap((input) => [...known.get(input)!, input]));
    known.set(id, new Set(nodes.filter((node) => needed.has(node.id)).map((node) => node.id)));
  }
  return known;
}
