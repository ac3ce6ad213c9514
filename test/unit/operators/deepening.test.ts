import { describe, expect, test } from 'vitest';
import { mirrorPairDeepen } from '../../../operators/mirror-pair-deepen.ts';
import { net2Deeper } from '../../../operators/net2deeper.ts';
import type { Mutation } from '../../../operators/operator.ts';
import type { ActivationName } from '../../../src/layers/activation-functions.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';
import { expectPreserved } from '../../helpers/growth.ts';

const rng = () => RandomStream.fromSeed(1);
const trained = (network: Network) => ({ network, state: freshTrainingState });

function childOf(mutation: Mutation): Network {
  if ('refusal' in mutation) expect.fail(mutation.refusal.message);
  return mutation.child.network;
}

/** dense -> relu -> a gate -> dense. */
function gated(initial: number): Network {
  const net = new NetworkBuilder([2], RandomStream.fromSeed(2));
  net.layer('dense', { units: 2 });
  net.layer('activation', { function: 'relu' });
  net.layer('scale', { initial });
  net.layer('dense', { units: 2 });
  return net.build();
}

const dataOf = (network: Network, id: string): number[] => [
  ...network.nodes.find((node) => node.id === id)!.params.weight!.data,
];

describe('Net2Deeper', () => {
  const deepen = (network: Network, node: string, name: ActivationName = 'relu') =>
    net2Deeper.apply(trained(network), { node, kernel: 1, function: name }, rng());

  test('puts an identity layer and a relu behind a relu', () => {
    const child = childOf(deepen(gated(1), 'activation'));
    expect(child.nodes.slice(3, 5).map(({ id, kind, inputs }) => [id, kind, ...inputs])).toEqual([
      ['dense_3', 'dense', 'activation'],
      ['activation_2', 'activation', 'dense_3'],
    ]);
    expect(dataOf(child, 'dense_3')).toEqual([1, 0, 0, 1]);
    expect(child.nodes.find(({ id }) => id === 'scale')!.inputs).toEqual(['activation_2']);
  });

  test('is refused where values may be negative, where they are always 0, and with functions that bend', () => {
    expect(deepen(gated(1), 'dense')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    expect(deepen(gated(-1), 'scale')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    expect(deepen(gated(0), 'scale')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    expect(deepen(gated(1), 'activation', 'silu')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    expect(net2Deeper.sites(gated(0)).map(({ node }) => node)).toEqual(['activation', 'activation']);
  });
});

describe('the mirror pair', () => {
  const mirror = (network: Network, node: string, name: ActivationName) =>
    mirrorPairDeepen.apply(trained(network), { node, kernel: 1, function: name }, rng());

  test('is [I; -I], the function, and [I, -I]', () => {
    const child = childOf(mirror(gated(1), 'dense', 'relu'));
    expect(dataOf(child, 'dense_3')).toEqual([1, 0, -1, -0, 0, 1, -0, -1]);
    expect(dataOf(child, 'dense_4')).toEqual([1, 0, 0, 1, -1, -0, -0, -1]);
  });

  test('keeps every value to the bit with relu', () => {
    const run = { batch: 4, seed: 1, mode: 'train', story: 'mirror' } as const;
    expectPreserved(gated(1), childOf(mirror(gated(1), 'dense', 'relu')), 0, run);
  });

  test('is refused where the function is the identity on one of the signs, or is no mirror', () => {
    expect(mirror(gated(1), 'activation', 'leakyRelu')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    expect(mirror(gated(-1), 'scale', 'relu')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    expect(mirror(gated(1), 'dense', 'tanh')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    expect('child' in mirror(gated(1), 'activation', 'silu')).toBe(true);
  });

  test('is not put behind a layer of zeros, to which relu would pass no gradient', () => {
    const net = new NetworkBuilder([2], RandomStream.fromSeed(2));
    const zeros = net.layer('dense', { units: 2, initializer: 'zeros' });
    net.layer('dense', { units: 2 });
    expect(mirror(net.build(), zeros, 'relu')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
  });
});
