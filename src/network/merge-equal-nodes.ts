// Computes once what several nodes of a network compute alike.
import { layerText } from './hash.ts';
import type { Network, NetworkNode } from './network.ts';
import { outputNode } from './network.ts';
import { pruneTo } from './edit.ts';

/**
 * Lets nodes of equal kind, settings, weights and (merged) inputs be one, the first of them; every value stays equal to
 * the bit. Nodes whose ids are in `apart` are never merged. A network without equal nodes is returned as it is.
 */
export function mergeEqualNodes(network: Network, apart: ReadonlySet<string> = new Set()): Network {
  const byReading = new Map<string, NetworkNode[]>();
  const standIn = new Map<string, string>();
  const nodes: NetworkNode[] = [];
  for (const node of network.nodes) {
    const inputs = node.inputs.map((input) => standIn.get(input) ?? input);
    const moved = inputs.some((input, i) => input !== node.inputs[i]);
    const kept = moved ? { ...node, inputs } : node;
    const reading = inputs.join('\n');
    const others = byReading.get(reading) ?? [];
    const first = apart.has(node.id)
      ? undefined
      : others.find((other) => other.kind === node.kind && layerText(other) === layerText(node));
    if (first) standIn.set(node.id, first.id);
    else {
      nodes.push(kept);
      if (!apart.has(node.id)) byReading.set(reading, [...others, kept]);
    }
  }
  if (standIn.size === 0) return network;
  const { id } = outputNode(network);
  return pruneTo(nodes, standIn.get(id) ?? id);
}
