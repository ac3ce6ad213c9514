// Merkle hashes: two nodes with the same hash compute the same function of the input.
import { createHash } from 'node:crypto';
import type { Attributes, Network, NetworkNode } from './network.ts';
import { outputNode } from './network.ts';
import { tensorHash } from './tensor.ts';

const known = new WeakMap<Network, ReadonlyMap<string, string>>();

/** Node id -> SHA-256 over kind, attributes, parameters and the input nodes' hashes. Ids don't enter. */
export function nodeHashes(network: Network): ReadonlyMap<string, string> {
  const cached = known.get(network);
  if (cached) return cached;
  const hashes = new Map<string, string>();
  for (const node of network.nodes) {
    const inputs = node.inputs.map((input) => hashes.get(input));
    const text = JSON.stringify([layerText(node), inputs]);
    hashes.set(node.id, createHash('sha256').update(text).digest('hex'));
  }
  known.set(network, hashes);
  return hashes;
}

/** Two nodes with the same text compute the same where they read the same. */
export function layerText({ kind, attributes, params }: NetworkNode): string {
  const tensors = Object.entries(params).map(([name, value]) => `${name}=[${value.shape.join()}]${tensorHash(value)}`);
  return JSON.stringify([kind, sorted(attributes), tensors.sort()]);
}

/** The hash of the whole network: that of its output node. */
export function networkHash(network: Network): string {
  return nodeHashes(network).get(outputNode(network).id)!;
}

function sorted(attributes: Attributes): [string, unknown][] {
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
}
