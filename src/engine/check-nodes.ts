// The check that nodes whose values are wanted are there.
import { expected } from '../errors.ts';
import type { Network } from '../network/network.ts';
import type { NodeRef } from './engine.ts';

/** Throws `bad-argument`, naming the first that is in none of the networks. */
export function checkNodes(networks: readonly Network[], wanted: readonly NodeRef[]): void {
  for (const { network, node } of wanted) {
    if (networks[network]?.nodes.some(({ id }) => id === node)) continue;
    throw expected('bad-argument', `a node of the ${networks.length} compiled network(s)`, { network, node });
  }
}
