import { describe, expect, test } from 'vitest';
import { mergeEqualChannels } from '../../../operators/merge-equal-channels.ts';
import { pruneFilters } from '../../../operators/prune-filters.ts';
import { pruneZeroFanOut } from '../../../operators/prune-zero-fan-out.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { childAt, dataOf, reasonAt, withParams } from '../../helpers/operator-cases.ts';

/** Dense [2, 3], relu, dense [3, 2], with these weights. */
function mlp(incoming: readonly number[], bias: readonly number[], outgoing: readonly number[]): Network {
  const net = new NetworkBuilder([2], RandomStream.fromSeed(1));
  net.layer('dense', { units: 3 });
  net.layer('activation', { function: 'relu' });
  net.layer('dense', { units: 2 });
  return withParams(net.build(), { dense: { weight: incoming, bias }, dense_2: { weight: outgoing, bias: [7, 8] } });
}

describe('pruning channels of zero fan-out', () => {
  test('takes the channel out of both layers, and leaves the rest as it was', () => {
    const parent = mlp([1, 2, 3, 4, 5, 6], [10, 20, 30], [1, 2, 0, 0, 5, 6]);
    const child = childAt(pruneZeroFanOut, parent, { node: 'dense' });
    expect(dataOf(child, 'dense', 'weight')).toEqual([1, 3, 4, 6]);
    expect(dataOf(child, 'dense', 'bias')).toEqual([10, 30]);
    expect(dataOf(child, 'dense_2', 'weight')).toEqual([1, 2, 5, 6]);
    expect(dataOf(child, 'dense_2', 'bias')).toEqual([7, 8]);
  });

  test('keeps one channel where nothing listens to any', () => {
    const parent = mlp([1, 2, 3, 4, 5, 6], [10, 20, 30], [0, 0, 0, 0, 0, 0]);
    const child = childAt(pruneZeroFanOut, parent, { node: 'dense' });
    expect(dataOf(child, 'dense', 'weight')).toEqual([1, 4]);
    expect(pruneZeroFanOut.sites(child)).toEqual([]);
  });

  test('does not take a weight that is almost 0 for 0, nor a channel that one of two readers hears', () => {
    const almost = mlp([1, 2, 3, 4, 5, 6], [10, 20, 30], [1, 2, 0, 1e-30, 5, 6]);
    expect(pruneZeroFanOut.sites(almost)).toEqual([]);
    expect(reasonAt(pruneZeroFanOut, almost, { node: 'dense' })).toBe('not-exact');

    const net = new NetworkBuilder([2], RandomStream.fromSeed(1));
    const shared = net.layer('dense', { units: 2 });
    const deaf = net.layer('dense', { units: 1 }, [shared]);
    const other = net.layer('dense', { units: 1 }, [shared]);
    net.layer('add', {}, [deaf, other]);
    net.layer('dense', { units: 2 });
    const parent = withParams(net.build(), { [deaf]: { weight: [0, 0] }, [other]: { weight: [0, 1] } });
    const child = childAt(pruneZeroFanOut, parent, { node: shared });
    expect(dataOf(child, other, 'weight')).toEqual([1]);
  });

  test('looks at all pixels of a flattened channel', () => {
    const net = new NetworkBuilder([1, 1, 2], RandomStream.fromSeed(1));
    net.layer('conv2d', { channels: 2, kernel: 1 });
    net.layer('flatten');
    net.layer('dense', { units: 1 });
    const heard = withParams(net.build(), { dense: { weight: [1, 1, 0, 1] } });
    expect(pruneZeroFanOut.sites(heard)).toEqual([]);
    const silent = withParams(net.build(), { dense: { weight: [0, 0, 2, 3] } });
    const child = childAt(pruneZeroFanOut, silent, { node: 'conv2d' });
    expect(dataOf(child, 'dense', 'weight')).toEqual([2, 3]);
  });

  // In a residual loop a layer reads what it makes: here channels 0 and 1 are heard by each other only.
  test('finds channels that hear each other and are heard by nobody else', () => {
    const net = new NetworkBuilder([1], RandomStream.fromSeed(1));
    const first = net.layer('dense', { units: 3 });
    const loop = net.layer('dense', { units: 3 });
    net.layer('add', {}, [first, loop]);
    net.layer('dense', { units: 1 });
    const parent = withParams(net.build(), {
      dense_2: { weight: [1, 2, 0, 3, 4, 0, 5, 6, 7] },
      dense_3: { weight: [0, 0, 9] },
    });
    const child = childAt(pruneZeroFanOut, parent, { node: first });
    expect(dataOf(child, loop, 'weight')).toEqual([7]);
    const open = withParams(parent, { dense_2: { weight: [1, 2, 8, 3, 4, 0, 5, 6, 7] } });
    // Channel 0 is heard by channel 2 now, and channel 1 by channel 0.
    expect(pruneZeroFanOut.sites(open)).toEqual([]);
  });

  test('refuses channels of the output', () => {
    const parent = mlp([1, 2, 3, 4, 5, 6], [10, 20, 30], [1, 2, 0, 0, 5, 6]);
    expect(reasonAt(pruneZeroFanOut, parent, { node: 'dense_2' })).toBe('locked-channels');
    expect(reasonAt(pruneZeroFanOut, parent, { node: 'activation' })).toBe('wrong-kind');
  });
});

describe('merging equal channels', () => {
  test('adds what was read of them', () => {
    const parent = mlp([1, 2, 1, 4, 5, 4], [10, 20, 10], [1, 2, 3, 4, 5, 6]);
    const child = childAt(mergeEqualChannels, parent, { node: 'dense' });
    expect(dataOf(child, 'dense', 'weight')).toEqual([1, 2, 4, 5]);
    expect(dataOf(child, 'dense', 'bias')).toEqual([10, 20]);
    expect(dataOf(child, 'dense_2', 'weight')).toEqual([6, 8, 3, 4]);
  });

  test('leaves channels that differ in one weight, in the bias, or in what a batch norm makes of them', () => {
    for (const [incoming, bias] of [
      [
        [1, 2, 1, 4, 5, 4.000001],
        [10, 20, 10],
      ],
      [
        [1, 2, 1, 4, 5, 4],
        [10, 20, 11],
      ],
    ] as const) {
      expect(mergeEqualChannels.sites(mlp(incoming, bias, [1, 2, 3, 4, 5, 6]))).toEqual([]);
    }
    const net = new NetworkBuilder([1], RandomStream.fromSeed(1));
    net.layer('dense', { units: 2 });
    net.layer('batchNorm');
    net.layer('dense', { units: 1 });
    const equal = withParams(net.build(), { dense: { weight: [1, 1] } });
    expect(mergeEqualChannels.sites(equal)).toEqual([{ node: 'dense' }]);
    for (const name of ['gamma', 'beta', 'mean', 'variance']) {
      const parent = withParams(equal, { batchNorm: { [name]: [1, 2] } });
      expect(mergeEqualChannels.sites(parent), name).toEqual([]);
      expect(reasonAt(mergeEqualChannels, parent, { node: 'dense' }), name).toBe('not-exact');
    }
  });

  // A layer norm would give the third channel more weight than two equal ones.
  test('merges under a layer norm only where all channels are there equally often', () => {
    const net = new NetworkBuilder([1], RandomStream.fromSeed(1));
    net.layer('dense', { units: 4 });
    net.layer('layerNorm');
    net.layer('dense', { units: 1 });
    const twice = withParams(net.build(), { dense: { weight: [1, 2, 1, 2] }, dense_2: { weight: [1, 2, 3, 4] } });
    const child = childAt(mergeEqualChannels, twice, { node: 'dense' });
    expect(dataOf(child, 'dense_2', 'weight')).toEqual([4, 6]);
    const once = withParams(net.build(), { dense: { weight: [1, 2, 1, 3] } });
    expect(reasonAt(mergeEqualChannels, once, { node: 'dense' })).toBe('not-exact');
    expect(reasonAt(pruneFilters, twice, { node: 'dense', amount: 1 })).toBe('locked-channels');
  });
});

describe('pruning filters', () => {
  test('drops the channels whose weights in and out multiply to least', () => {
    // In: 5, 7, 9 with biases 1, 1, 1; out: 8, 3, 7. So 48, 24, 70.
    const parent = mlp([1, 2, 3, -4, 5, 6], [1, 1, -1], [4, -4, 3, 0, 3, 4]);
    const one = childAt(pruneFilters, parent, { node: 'dense', amount: 1 });
    expect(dataOf(one, 'dense', 'weight')).toEqual([1, 3, -4, 6]);
    expect(dataOf(one, 'dense_2', 'weight')).toEqual([4, -4, 3, 4]);
    const two = childAt(pruneFilters, parent, { node: 'dense', amount: 2 });
    expect(dataOf(two, 'dense', 'bias')).toEqual([-1]);
    expect(reasonAt(pruneFilters, parent, { node: 'dense', amount: 3 })).toBe('bad-size');
  });

  test('lets the seed decide among equals, and keeps the order of what stays', () => {
    const parent = mlp([1, 1, 1, 1, 1, 1], [1, -1, 1], [1, 2, 2, 1, 3, 0]);
    const kept = Array.from({ length: 30 }, (_, seed) => {
      const child = childAt(pruneFilters, parent, { node: 'dense', amount: 1 }, seed);
      return dataOf(child, 'dense_2', 'weight').join();
    });
    expect(new Set(kept)).toEqual(new Set(['2,1,3,0', '1,2,3,0', '1,2,2,1']));
  });
});
