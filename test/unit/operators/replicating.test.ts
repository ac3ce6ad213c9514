import { describe, expect, test } from 'vitest';
import { replicaShares, splitUnevenly } from '../../../operators/channels/replicas.ts';
import { net2Wider } from '../../../operators/net2wider.ts';
import type { Mutation } from '../../../operators/operator.ts';
import { splitNeurons } from '../../../operators/split-neurons.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';

const rng = () => RandomStream.fromSeed(7);
const trained = (network: Network) => ({ network, state: freshTrainingState });

function childOf(mutation: Mutation): Network {
  if ('refusal' in mutation) expect.fail(mutation.refusal.message);
  return mutation.child.network;
}

const dataOf = (network: Network, id: string): number[] => [
  ...network.nodes.find((node) => node.id === id)!.params.weight!.data,
];

/** Vector [1] -> dense of 2 -> layerNorm, if wanted -> dense of 2. */
function hidden(normed = false): Network {
  const net = new NetworkBuilder([1], RandomStream.fromSeed(3));
  net.layer('dense', { units: 2 });
  if (normed) net.layer('layerNorm');
  net.layer('dense', { units: 2 });
  return net.build();
}

describe('shares of replicas', () => {
  test('are powers of a half that add up to 1', () => {
    expect(replicaShares(2)).toEqual([0.5, 0.5]);
    expect(replicaShares(3)).toEqual([0.25, 0.5, 0.25]);
    expect(replicaShares(5)).toEqual([0.125, 0.25, 0.25, 0.25, 0.125]);
  });

  test('of single weights differ, and add up to the bit', () => {
    const old = Float32Array.from({ length: 50 }, (_, i) => (i - 20) / 7);
    const entries = [old.slice(), old.slice(), old.slice()];
    splitUnevenly(entries, 0.3);
    const shares = [...old].map((_, i) => entries[0]![i]! / old[i]!).filter(Number.isFinite);
    expect([...old].map((_, i) => entries.reduce((sum, entry) => sum + entry[i]!, 0))).toEqual([...old]);
    expect(new Set(shares.map((share) => share.toFixed(3))).size).toBeGreaterThan(20);
  });
});

describe('Net2Wider', () => {
  const widen = (network: Network, amount: number) =>
    net2Wider.apply(trained(network), { node: 'dense', amount }, rng());

  test('copies every channel once before any twice', () => {
    const child = childOf(widen(hidden(), 4));
    const incoming = dataOf(child, 'dense');
    for (const weight of incoming.slice(0, 2)) expect(incoming.filter((x) => x === weight)).toHaveLength(3);
  });

  test('under a layer norm copies all channels equally often', () => {
    expect(net2Wider.sites(hidden(true))).toEqual([{ node: 'dense', amount: 2 }]);
    expect(widen(hidden(true), 1)).toEqual({
      refusal: {
        reason: 'bad-size',
        message: 'Expected a multiple of 2 (layerNorm normalises over all channels together), got 1',
      },
    });
    expect('child' in widen(hidden(true), 4)).toBe(true);
  });
});

describe('splitting neurons', () => {
  test('moves the halves to either side, and halves what reads them', () => {
    const site = { node: 'dense', amount: 2, epsilon: 0.1 };
    const child = childOf(splitNeurons.apply(trained(hidden()), site, rng()));
    const [before, after] = [dataOf(hidden(), 'dense'), dataOf(child, 'dense')];
    for (const [channel, weight] of before.entries()) {
      const half = [2, 3].find((other) => Math.abs(after[other]! + after[channel]! - 2 * weight) < 1e-6)!;
      expect(after[half]).not.toBe(after[channel]);
      expect(Math.abs(after[half]! - weight)).toBeLessThan(0.5 * Math.abs(weight));
    }
    const [old, reading] = [dataOf(hidden(), 'dense_2'), dataOf(child, 'dense_2')];
    expect(reading.slice(0, 4)).toEqual(old.map((x) => x / 2));
  });

  test('vouches for more, the smaller epsilon is', () => {
    expect(splitNeurons.tolerance!({ node: 'dense', amount: 1, epsilon: 0.01 })).toBeCloseTo(0.2);
    expect(splitNeurons.tolerance!({ node: 'dense', amount: 1, epsilon: 0 })).toBe(0);
  });
});
