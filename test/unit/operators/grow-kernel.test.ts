import { describe, expect, test } from 'vitest';
import { growKernel } from '../../../operators/grow-kernel.ts';
import type { Network } from '../../../src/network/network.ts';
import { tensor } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';

/** One convolution of a [1, 2] kernel over [2, 5, 7], in two groups, then a global average. */
function network(attributes: { stride: number[]; dilation: number[] }): Network {
  const conv = { ...attributes, pads: [0, 1, 0, 1], groups: 2 };
  const weight = tensor([2, 1, 1, 2], Float32Array.of(1, 2, 3, 4));
  return {
    nodes: [
      { id: 'image', kind: 'input', inputs: [], attributes: { shape: [2, 5, 7] }, params: {} },
      { id: 'conv', kind: 'conv2d', inputs: ['image'], attributes: conv, params: { weight } },
      { id: 'mean', kind: 'globalAvgPool', inputs: ['conv'], attributes: {}, params: {} },
    ],
  };
}

const grow = (height: number, width: number, of: Network) =>
  growKernel.apply(
    { network: of, state: freshTrainingState },
    { node: 'conv', height, width },
    RandomStream.fromSeed(1),
  );

describe('growing a kernel', () => {
  test('puts an odd tap at the bottom and right, and moves the pads by dilation * taps', () => {
    const result = grow(2, 1, network({ stride: [2, 1], dilation: [1, 3] }));
    if ('refusal' in result) expect.fail(result.refusal.message);
    const conv = result.child.network.nodes[1]!;
    expect(conv.params.weight!.shape).toEqual([2, 1, 3, 3]);
    expect([...conv.params.weight!.data]).toEqual([0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0]);
    expect(conv.attributes).toEqual({ stride: [2, 1], dilation: [1, 3], pads: [1, 1, 1, 4], groups: 2 });
  });

  test('refuses taps that would read nothing but padding', () => {
    // At dilation 5 a new row of taps lies beyond the five rows of the image.
    expect(grow(2, 0, network({ stride: [1, 1], dilation: [5, 1] }))).toMatchObject({
      refusal: { reason: 'bad-size' },
    });
    expect(growKernel.sites(network({ stride: [1, 1], dilation: [5, 1] }))).toEqual([]);
  });

  test('refuses growth by nothing, by too much, and of layers without a kernel', () => {
    const plain = network({ stride: [1, 1], dilation: [1, 1] });
    expect(growKernel.sites(plain)).toHaveLength(2);
    for (const [height, width] of [
      [0, 0],
      [3, 0],
      [1, -1],
    ] as const) {
      expect(grow(height, width, plain)).toMatchObject({ refusal: { reason: 'bad-size' } });
    }
    const site = { node: 'mean', height: 1, width: 1 };
    const result = growKernel.apply({ network: plain, state: freshTrainingState }, site, RandomStream.fromSeed(1));
    expect(result).toMatchObject({ refusal: { reason: 'wrong-kind' } });
  });
});
