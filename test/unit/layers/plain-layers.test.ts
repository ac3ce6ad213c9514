import { describe, expect, test } from 'vitest';
import { layerKind } from '../../../src/layers/registry.ts';
import { expectLayer, layerOf } from './layer-case.ts';

test('dense: y = x W + b', () =>
  expectLayer(
    {
      kind: 'dense',
      options: { units: 2 },
      params: { weight: [1, 2, 3, 4], bias: [10, 20] },
      inputs: [[[2], [1, 1, 2, 0]]],
      gradient: [1, 0, 0, 2],
    },
    {
      shape: [2],
      output: [14, 26, 12, 24],
      inputs: [[1, 3, 4, 8]],
      params: { weight: [1, 4, 1, 0], bias: [1, 2] },
    },
  ));

describe('conv2d', () => {
  test('correlates: the kernel is not flipped, and a stride skips', () =>
    expectLayer(
      {
        kind: 'conv2d',
        options: { channels: 1, kernel: [1, 2], stride: [1, 2], padding: [0, 1, 0, 0] },
        params: { weight: [10, 1], bias: [100] },
        inputs: [
          [
            [1, 1, 4],
            [1, 2, 3, 4],
          ],
        ],
        gradient: [1, 2],
      },
      {
        shape: [1, 1, 2],
        output: [101, 123],
        inputs: [[1, 20, 2, 0]],
        params: { weight: [4, 7], bias: [3] },
      },
    ));

  test('depthwise, every channel has a kernel of its own', () =>
    expectLayer(
      {
        kind: 'conv2d',
        options: { channels: 2, kernel: 1, groups: 2, bias: false },
        params: { weight: [2, -1] },
        inputs: [
          [
            [2, 1, 2],
            [1, 2, 3, 4],
          ],
        ],
        gradient: [1, 1, 1, 1],
      },
      { shape: [2, 1, 2], output: [2, 4, -3, -4], inputs: [[2, 2, -1, -1]], params: { weight: [3, 7] } },
    ));

  test('refuses channels that its groups do not divide', () => {
    expect(() =>
      layerOf({ kind: 'conv2d', options: { channels: 3, kernel: 1, groups: 2 }, inputs: [[[2, 1, 1], []]] }),
    ).toThrow('Expected channels that 2 groups divide, got [2,3]');
  });
});

test('activation: leakyRelu has a slope of 0.01 below 0', () =>
  expectLayer(
    { kind: 'activation', options: { function: 'leakyRelu' }, inputs: [[[2], [3, -2]]], gradient: [5, 5] },
    { shape: [2], output: [3, -0.02], inputs: [[5, 0.05]] },
  ));

test('actiSwitch: y = l x + a phi(x)', () =>
  expectLayer(
    {
      kind: 'actiSwitch',
      options: { function: 'relu' },
      params: { linear: [2], active: [3] },
      inputs: [[[2], [1, -1]]],
      gradient: [1, 10],
    },
    { shape: [2], output: [5, -2], inputs: [[5, 20]], params: { linear: [-9], active: [1] } },
  ));

test('add: every term gets the whole gradient', () =>
  expectLayer(
    {
      kind: 'add',
      inputs: [
        [[2], [1, 2]],
        [[2], [3, 4]],
        [[2], [5, 6]],
      ],
      gradient: [1, 2],
    },
    {
      shape: [2],
      output: [9, 12],
      inputs: [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
    },
  ));

test('average: every term gets its share of the gradient', () =>
  expectLayer(
    {
      kind: 'average',
      options: { weights: [0.25, 0.75] },
      inputs: [
        [[2], [4, 8]],
        [[2], [8, 0]],
      ],
      gradient: [4, 8],
    },
    {
      shape: [2],
      output: [7, 2],
      inputs: [
        [1, 2],
        [3, 6],
      ],
    },
  ));

test('softmax: probabilities, and their gradient', () =>
  expectLayer(
    { kind: 'softmax', inputs: [[[2], [Math.log(3), 0]]], gradient: [1, 0] },
    { shape: [2], output: [0.75, 0.25], inputs: [[0.1875, -0.1875]] },
  ));

test('flatten: channel after channel', () =>
  expectLayer(
    {
      kind: 'flatten',
      inputs: [
        [
          [2, 1, 2],
          [1, 2, 3, 4],
        ],
      ],
      gradient: [5, 6, 7, 8],
    },
    { shape: [4], output: [1, 2, 3, 4], inputs: [[5, 6, 7, 8]] },
  ));

test('shapes that do not fit are refused', () => {
  const refused = (kind: string, ...shapes: number[][]): (() => unknown) => {
    return () => layerOf({ kind, options: kind === 'dense' ? { units: 1 } : {}, inputs: shapes.map((s) => [s, []]) });
  };
  expect(refused('dense', [1, 2, 2])).toThrow('Expected a vector as input of dense (flatten images first)');
  expect(refused('softmax', [1, 2, 2])).toThrow('Expected a vector as input of softmax');
  expect(refused('add', [2], [3])).toThrow('Expected inputs of add that all have shape [2], got [3]');
  expect(refused('average', [2], [3])).toThrow('Expected inputs of average that all have shape [2], got [3]');
  expect(refused('globalAvgPool', [2])).toThrow('Expected an image [channels, height, width]');
  expect(() => layerKind('pool')).toThrow(/Expected a layer kind \(input, dense, .*\), got "pool"/);
});
