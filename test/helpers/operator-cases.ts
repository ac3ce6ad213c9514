// What unit tests of operators share: networks with given weights, and what an operator makes of them.
import { expect } from 'vitest';
import type { Mutation, Operator, Site } from '../../operators/operator.ts';
import type { Network } from '../../src/network/network.ts';
import { tensor } from '../../src/network/tensor.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { freshTrainingState } from '../../src/training/training-state.ts';

/** The network with these values: node id -> parameter -> entries in row-major order. */
export function withParams({ nodes }: Network, values: Record<string, Record<string, readonly number[]>>): Network {
  return {
    nodes: nodes.map((node) => {
      const params = Object.entries(node.params).map(([name, old]) => {
        const own = values[node.id]?.[name];
        return [name, own ? tensor(old.shape, Float32Array.from(own)) : old] as const;
      });
      return { ...node, params: Object.fromEntries(params) };
    }),
  };
}

function applied(operator: Operator, network: Network, site: Site, seed: number): Mutation {
  return operator.apply({ network, state: freshTrainingState }, site, RandomStream.fromSeed(seed));
}

export function childAt(operator: Operator, network: Network, site: Site, seed = 7): Network {
  const mutation = applied(operator, network, site, seed);
  if ('refusal' in mutation) expect.fail(mutation.refusal.message);
  return mutation.child.network;
}

/** Why the operator refuses, or "none". */
export function reasonAt(operator: Operator, network: Network, site: Site): string {
  const mutation = applied(operator, network, site, 7);
  return 'refusal' in mutation ? mutation.refusal.reason : 'none';
}

export function dataOf(network: Network, id: string, name: string): number[] {
  return [...network.nodes.find((node) => node.id === id)!.params[name]!.data];
}
