// Puts two networks side by side: one shared input, and new ids for nodes of the second where they clash.
import { freshId } from '../src/network/edit.ts';
import type { Network, NetworkNode } from '../src/network/network.ts';
import { inputNode } from '../src/network/network.ts';
import type { TrainedNetwork, TrainingState } from '../src/training/training-state.ts';

/** Ids of one parent -> ids in the supernetwork. */
export type IdMap = ReadonlyMap<string, string>;

/** Every node of `a` keeps its id; so does every node of `b` whose id is free, and its input becomes that of `a`. */
export function idsOfSecond(a: Network, b: Network): IdMap {
  const own = new Set(a.nodes.map((node) => node.id));
  const taken = new Set([...own, ...b.nodes.map((node) => node.id)]);
  const ids = new Map([[inputNode(b).id, inputNode(a).id]]);
  for (const { id } of b.nodes.slice(1)) {
    const free = own.has(id) ? freshId(taken, id) : id;
    taken.add(free);
    ids.set(id, free);
  }
  return ids;
}

/** The same node under its new id, reading the new ids; a node that nothing changes for stays the same object. */
export function renameNode(node: NetworkNode, ids: IdMap): NetworkNode {
  const id = ids.get(node.id)!;
  const inputs = node.inputs.map((input) => ids.get(input)!);
  const same = id === node.id && inputs.every((input, i) => input === node.inputs[i]);
  return same ? node : { ...node, id, inputs };
}

/** What both trainings remember, under the ids of the supernetwork. */
export function joinStates(a: TrainedNetwork, b: TrainedNetwork, ids: IdMap): TrainingState {
  const renamed = Object.entries(b.state.moments).map(([id, moments]) => [ids.get(id)!, moments] as const);
  return { moments: { ...a.state.moments, ...Object.fromEntries(renamed) } };
}
