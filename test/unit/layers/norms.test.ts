import { describe, expect, test } from 'vitest';
import { layerKind } from '../../../src/layers/registry.ts';
import { filled } from '../../../src/network/tensor.ts';
import { expectLayer, layerOf } from './layer-case.ts';

describe('layerNorm', () => {
  // Mean 2 and variance 1, so the deviation is 2 with an epsilon of 3.
  const layer = { kind: 'layerNorm', options: { epsilon: 3 }, params: { gamma: [2, 4], beta: [1, -1] } };

  test('normalises a vector over all its features, each sample by itself', () =>
    expectLayer(
      { ...layer, inputs: [[[2], [1, 3, 5, 5]]], gradient: [1, 1, 10, 10] },
      {
        shape: [2],
        output: [0, 1, 1, -1],
        // For the second sample slopes of 20 and 40, deviation sqrt(3).
        inputs: [[-0.375, 0.375, -10 / Math.sqrt(3), 10 / Math.sqrt(3)]],
        params: { gamma: [-0.5, 0.5], beta: [11, 11] },
      },
    ));

  test('normalises an image at each pixel over its channels', () =>
    expectLayer(
      {
        ...layer,
        inputs: [
          [
            [2, 1, 2],
            [1, 5, 3, 5],
          ],
        ],
        gradient: [1, 0, 1, 0],
      },
      {
        shape: [2, 1, 2],
        output: [0, 1, 1, -1],
        inputs: [[-0.375, 0, 0.375, 0]],
        params: { gamma: [-0.5, 0.5], beta: [1, 1] },
      },
    ));

  test('starts with gamma 1 and beta 0, and does the same in train mode', () =>
    expectLayer(
      { kind: 'layerNorm', options: { epsilon: 3 }, mode: 'train', inputs: [[[2], [1, 3]]] },
      { shape: [2], output: [-0.5, 0.5] },
    ));

  test('refuses parameters of another size and an epsilon of 0', () => {
    const made = layerOf({ ...layer, inputs: [[[2], [1, 3]]] });
    expect(() =>
      layerKind('layerNorm').outputShape({ ...made, params: { ...made.params, beta: filled([3], 0) } }),
    ).toThrow('Expected a layerNorm beta of shape [2], got [3]');
    expect(() => layerOf({ ...layer, options: { epsilon: 0 }, inputs: [[[2], [1, 3]]] })).toThrow();
  });

  test('its channels can only be repeated, all equally often', () => {
    const facts = layerKind('layerNorm').channels(layerOf({ ...layer, inputs: [[[2], [1, 3]]] }));
    expect(facts).toEqual({
      flow: 'tied',
      perChannel: { gamma: 0, beta: 0 },
      uniform: 'layerNorm normalises over all channels together',
    });
  });
});

describe('batchNorm', () => {
  const layer = {
    kind: 'batchNorm',
    options: { epsilon: 3, momentum: 0.5 },
    params: { gamma: [2], beta: [1], mean: [10], variance: [22] },
  };

  test('uses the running statistics in eval mode', () =>
    expectLayer(
      { ...layer, inputs: [[[1], [1, 3]]], gradient: [1, 2] },
      {
        shape: [1],
        output: [-2.6, -1.8],
        inputs: [[0.4, 0.8]],
        params: { gamma: [-1.8 - 2.8], beta: [3] },
      },
    ));

  test('uses the statistics of the batch in train mode, and moves the running ones', () =>
    expectLayer(
      { ...layer, mode: 'train', inputs: [[[1], [1, 3]]], gradient: [1, 2] },
      {
        shape: [1],
        output: [0, 2],
        // The unbiased variance of the batch is 2.
        statistics: { mean: [6], variance: [12] },
        inputs: [[-0.375, 0.375]],
        params: { gamma: [0.5], beta: [3] },
      },
    ));
});
