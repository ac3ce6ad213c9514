import { describe, expect, test } from 'vitest';
import type { Mutation } from '../../../operators/operator.ts';
import { widenPair } from '../../../operators/widen-pair.ts';
import { widenZeroFanOut } from '../../../operators/widen-zero-fan-out.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { tensor } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';

/** Two convolutions added, normed, and read by two more: all of `width` channels, on images [1, 3, 2]. */
function shared(width: number): Network {
  const net = new NetworkBuilder([1, 3, 2], RandomStream.fromSeed(3));
  const one = net.layer('conv2d', { channels: width, kernel: 1 });
  const other = net.layer('conv2d', { channels: width, kernel: 3 }, ['input']);
  net.layer('add', {}, [one, other]);
  const norm = net.layer('batchNorm');
  const left = net.layer('conv2d', { channels: 1, kernel: 1 }, [norm]);
  const right = net.layer('conv2d', { channels: 1, kernel: 1 }, [norm]);
  net.layer('add', {}, [left, right]);
  net.layer('flatten');
  net.layer('dense', { units: 2 });
  const { nodes } = net.build();
  const variance = tensor(
    [width],
    Float32Array.from({ length: width }, (_, i) => 1 + 2 * i),
  );
  return { nodes: nodes.map((node) => (node.id === norm ? { ...node, params: { ...node.params, variance } } : node)) };
}

function childOf(mutation: Mutation): Network {
  if ('refusal' in mutation) expect.fail(mutation.refusal.message);
  return mutation.child.network;
}

function dataOf(network: Network, id: string, name: string): number[] {
  return [...network.nodes.find((node) => node.id === id)!.params[name]!.data];
}

const trained = (network: Network) => ({ network, state: freshTrainingState });
const rng = () => RandomStream.fromSeed(7);

describe('widening by zero fan-out', () => {
  const network = shared(2);
  const child = childOf(widenZeroFanOut.apply(trained(network), { node: 'conv2d_2', amount: 1 }, rng()));

  test('widens both summands, with random rows and no bias', () => {
    for (const [id, size] of [
      ['conv2d', 1],
      ['conv2d_2', 9],
    ] as const) {
      const weight = dataOf(child, id, 'weight');
      expect(weight.slice(0, -size)).toEqual(dataOf(network, id, 'weight'));
      expect(weight.slice(-size).every((value) => value !== 0)).toBe(true);
      expect(dataOf(child, id, 'bias')).toEqual([...dataOf(network, id, 'bias'), 0]);
    }
  });

  test('gives a batch norm gamma 1, beta 0, mean 0 and the mean variance', () => {
    expect(dataOf(child, 'batchNorm', 'gamma')).toEqual([1, 1, 1]);
    expect(dataOf(child, 'batchNorm', 'beta')).toEqual([0, 0, 0]);
    expect(dataOf(child, 'batchNorm', 'mean')).toEqual([0, 0, 0]);
    expect(dataOf(child, 'batchNorm', 'variance')).toEqual([1, 3, 2]);
  });

  test('gives both readers a column of zeros, and leaves their bias the very same', () => {
    for (const id of ['conv2d_3', 'conv2d_4']) {
      expect(dataOf(child, id, 'weight')).toEqual([...dataOf(network, id, 'weight'), 0]);
      const bias = (of: Network) => of.nodes.find((node) => node.id === id)!.params.bias;
      expect(bias(child)).toBe(bias(network));
    }
  });

  test('offers a quarter and a doubling, at least 1', () => {
    const amounts = (width: number) =>
      widenZeroFanOut
        .sites(shared(width))
        .filter(({ node }) => node === 'conv2d')
        .map(({ amount }) => amount);
    expect(amounts(8)).toEqual([2, 8]);
    expect(amounts(1)).toEqual([1]);
  });

  test('refuses what is locked, with the reason', () => {
    expect(widenZeroFanOut.apply(trained(network), { node: 'dense', amount: 1 }, rng())).toEqual({
      refusal: {
        reason: 'locked-channels',
        message: 'Expected channels that may change, got "the output has the channels that the task wants"',
      },
    });
    expect(widenZeroFanOut.apply(trained(network), { node: 'flatten', amount: 1 }, rng())).toMatchObject({
      refusal: { reason: 'wrong-kind' },
    });
  });
});

describe('widening by pairs', () => {
  test('neighbours come in equal and go out with opposite signs', () => {
    const child = childOf(widenPair.apply(trained(shared(2)), { node: 'conv2d', pairs: 2 }, rng()));
    for (const id of ['conv2d', 'conv2d_2']) {
      const weight = dataOf(child, id, 'weight');
      const size = weight.length / 6;
      const row = (channel: number): number[] => weight.slice(channel * size, (channel + 1) * size);
      expect(row(2)).toEqual(row(3));
      expect(row(4)).toEqual(row(5));
      expect(row(2)).not.toEqual(row(4));
    }
    for (const id of ['conv2d_3', 'conv2d_4']) {
      const [, , a, minusA, b, minusB] = dataOf(child, id, 'weight');
      expect([minusA, minusB]).toEqual([-a!, -b!]);
      expect(new Set([a, minusA, b, minusB, 0]).size).toBe(5);
    }
    expect(dataOf(child, 'batchNorm', 'variance')).toEqual([1, 3, 2, 2, 2, 2]);
  });

  test('in a residual loop a pair is equal also in what it reads of new channels', () => {
    const net = new NetworkBuilder([1], RandomStream.fromSeed(3));
    const stem = net.layer('dense', { units: 1 });
    const loop = net.layer('dense', { units: 1 });
    net.layer('add', {}, [stem, loop]);
    net.layer('dense', { units: 2 });
    const child = childOf(widenPair.apply(trained(net.build()), { node: stem, pairs: 1 }, rng()));
    // Kernels are [in, out]: each row is what one channel gives to the old channel and to the pair.
    const [old, one, other] = [0, 3, 6].map((from) => dataOf(child, loop, 'weight').slice(from, from + 3));
    for (const row of [old!, one!, other!]) expect(row[1]).toBe(row[2]);
    expect(one![1]).not.toBe(0);
    expect(one![0]).toBe(-other![0]!);
  });
});

describe('widening by blocks', () => {
  test('draws each row of a block for its own fan-in', () => {
    const net = new NetworkBuilder([64, 3, 2], RandomStream.fromSeed(3));
    const made = net.layer('conv2d', { channels: 32, kernel: 1 });
    net.layer('conv2d', { channels: 4, kernel: 1, groups: 4 });
    net.layer('flatten');
    net.layer('dense', { units: 2 });
    const child = childOf(widenZeroFanOut.apply(trained(net.build()), { node: made, amount: 1 }, rng()));
    expect(child.nodes.find(({ id }) => id === 'conv2d_2')!.attributes.groups).toBe(5);
    const fresh = dataOf(child, made, 'weight').slice(32 * 64);
    expect(fresh).toHaveLength(8 * 64);
    const deviation = Math.sqrt(fresh.reduce((sum, x) => sum + x * x, 0) / fresh.length);
    expect(deviation).toBeGreaterThan(0.9 * Math.sqrt(2 / 64));
    expect(deviation).toBeLessThan(1.1 * Math.sqrt(2 / 64));
  });
});
