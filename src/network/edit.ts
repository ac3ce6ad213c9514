// Pure edits of networks: each returns a new network that shares every node it did not change.
import type { Network, NetworkNode } from './network.ts';

/** Replaces nodes by id; nodes that are not named stay the same objects. */
export function replaceNodes(network: Network, replacements: ReadonlyMap<string, NetworkNode>): Network {
  return { nodes: network.nodes.map((node) => replacements.get(node.id) ?? node) };
}

/**
 * Puts a chain of nodes behind `id`: the first of them must read `id`, and everything that read `id` now reads the last.
 */
export function insertAfter(network: Network, id: string, chain: readonly NetworkNode[]): Network {
  const end = chain.at(-1)!.id;
  return {
    nodes: network.nodes.flatMap((node) => {
      const moved = node.inputs.includes(id)
        ? { ...node, inputs: node.inputs.map((input) => (input === id ? end : input)) }
        : node;
      return node.id === id ? [moved, ...chain] : [moved];
    }),
  };
}

/** Drops every node that the node `output` does not need, and puts `output` last. */
export function pruneTo(nodes: readonly NetworkNode[], output: string): Network {
  const needed = new Set([output]);
  for (const node of nodes.toReversed()) {
    if (needed.has(node.id)) for (const input of node.inputs) needed.add(input);
  }
  return { nodes: nodes.filter((node) => needed.has(node.id)) };
}

/** An id that starts with `stem` and is not taken yet. */
export function freshId(taken: { has(id: string): boolean }, stem: string): string {
  let id = stem;
  for (let count = 2; taken.has(id); count++) id = `${stem}_${count}`;
  return id;
}
