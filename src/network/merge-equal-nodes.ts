// Computes once what several nodes of a network compute alike.
import type { Network, NetworkNode } from './network.ts';
import { outputNode } from './network.ts';
import { pruneTo } from './edit.ts';
import { tensorHash } from './tensor.ts';

/**
 * Lets nodes of equal kind, settings, weights and (merged) inputs be one, the first of them; every value stays equal to
 * the bit. Nodes whose ids are in `apart` are never merged. A network without equal nodes is returned as it is.
 */
export function mergeEqualNodes(network: Network, apart: ReadonlySet<string> = new Set()): Network {
  const firstOf = new Map<string, string>();
  const standIn = new Map<string, string>();
  const nodes: NetworkNode[] = [];
  for (const node of network.nodes) {
    const inputs = node.inputs.map((input) => standIn.get(input) ?? input);
    const key = apart.has(node.id) ? node.id : keyOf(node, inputs);
    const first = firstOf.get(key);
    if (first === undefined) {
      firstOf.set(key, node.id);
      const moved = inputs.some((input, i) => input !== node.inputs[i]);
      nodes.push(moved ? { ...node, inputs } : node);
    } else standIn.set(node.id, first);
  }
  if (standIn.size === 0) return network;
  const { id } = outputNode(network);
  return pruneTo(nodes, standIn.get(id) ?? id);
}

/** Equal for two nodes exactly if they compute the same function of the same nodes. */
function keyOf({ kind, attributes, params }: NetworkNode, inputs: readonly string[]): string {
  const settings = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  const weights = Object.entries(params).map(([name, value]) => `${name}=${tensorHash(value)}`);
  return JSON.stringify([kind, settings, weights.sort(), inputs]);
}
