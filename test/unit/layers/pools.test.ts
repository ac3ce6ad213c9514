import { describe, expect, test } from 'vitest';
import { layerKind } from '../../../src/layers/registry.ts';
import { expectLayer, layerOf, type LayerCase } from './layer-case.ts';

const nine: LayerCase['inputs'] = [
  [
    [1, 3, 3],
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  ],
];
// One row of padding above, one column of it at the right.
const corner = { kernel: 2, stride: 1, padding: [1, 0, 0, 1] };

describe('avgPool', () => {
  test('counts only pixels of the image where padding does not count', () =>
    expectLayer(
      { kind: 'avgPool', options: corner, inputs: nine, gradient: Array<number>(9).fill(12) },
      {
        shape: [1, 3, 3],
        output: [1.5, 2.5, 3, 3, 4, 4.5, 6, 7, 7.5],
        inputs: [[9, 18, 27, 6, 12, 18, 3, 6, 9]],
      },
    ));

  test('divides by the whole window where padding counts', () =>
    expectLayer(
      {
        kind: 'avgPool',
        options: { ...corner, countIncludePad: true },
        inputs: nine,
        gradient: Array<number>(9).fill(4),
      },
      {
        shape: [1, 3, 3],
        output: [0.75, 1.25, 0.75, 3, 4, 2.25, 6, 7, 3.75],
        inputs: [[2, 4, 4, 2, 4, 4, 1, 2, 2]],
      },
    ));

  test('pixels that no window reads get no gradient; windows lie side by side by default', () =>
    expectLayer(
      {
        kind: 'avgPool',
        options: { kernel: [1, 2] },
        inputs: [
          [
            [2, 1, 3],
            [1, 3, 5, 7, 9, 11],
          ],
        ],
        gradient: [2, 4],
      },
      { shape: [2, 1, 1], output: [2, 8], inputs: [[1, 1, 0, 2, 2, 0]] },
    ));

  test('zeros from padding that counts belong to the range of the output', () => {
    const range = (options: object): unknown =>
      layerKind('avgPool').range(layerOf({ kind: 'avgPool', options: { ...corner, ...options }, inputs: nine }), [
        { low: 2, high: 3 },
      ]);
    expect(range({})).toEqual({ low: 2, high: 3 });
    expect(range({ countIncludePad: true })).toEqual({ low: 0, high: 3 });
  });
});

describe('maxPool', () => {
  test('an input that wins in several padded windows gets all their gradients', () =>
    expectLayer(
      {
        kind: 'maxPool',
        options: { kernel: 2, stride: 1, padding: [1, 1, 1, 1] },
        inputs: [
          [
            [1, 2, 3],
            [1, 5, 2, 4, 3, 6],
          ],
        ],
        gradient: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      },
      {
        shape: [1, 3, 4],
        output: [1, 5, 5, 2, 4, 5, 6, 6, 4, 4, 6, 6],
        inputs: [[1, 11, 4, 24, 0, 38]],
      },
    ));

  test('padding never wins over negative values, on one side only', () =>
    expectLayer(
      {
        kind: 'maxPool',
        options: { kernel: [1, 2], stride: 1, padding: [0, 0, 0, 1] },
        inputs: [
          [
            [1, 1, 2],
            [-3, -5],
          ],
        ],
        gradient: [1, 1],
      },
      { shape: [1, 1, 2], output: [-3, -5], inputs: [[1, 1]] },
    ));

  test('windows may overlap without any pads', () =>
    expectLayer(
      {
        kind: 'maxPool',
        options: { kernel: [1, 2], stride: 1 },
        inputs: [
          [
            [1, 1, 3],
            [1, 5, 2],
          ],
        ],
        gradient: [1, 10],
      },
      { shape: [1, 1, 2], output: [5, 5], inputs: [[0, 11, 0]] },
    ));

  test('the first of equals wins', () =>
    expectLayer(
      {
        kind: 'maxPool',
        options: { kernel: [1, 2], stride: 1 },
        inputs: [
          [
            [1, 1, 3],
            [2, 2, 2],
          ],
        ],
        gradient: [1, 10],
      },
      { shape: [1, 1, 2], output: [2, 2], inputs: [[1, 10, 0]] },
    ));
});

test('globalAvgPool is the mean of each channel', () =>
  expectLayer(
    {
      kind: 'globalAvgPool',
      inputs: [
        [
          [2, 1, 2],
          [1, 3, 5, 9],
        ],
      ],
      gradient: [2, 4],
    },
    { shape: [2], output: [2, 7], inputs: [[1, 1, 2, 2]] },
  ));

describe.each(['maxPool', 'avgPool'])('%s refuses', (kind) => {
  const pooled = (options: object, inputs = nine): (() => unknown) => {
    return () => layerOf({ kind, options: { ...options }, inputs });
  };

  test('pads as wide as the kernel, on any side', () => {
    for (const padding of [
      [2, 0, 0, 0],
      [0, 3, 0, 0],
      [0, 0, 2, 0],
      [0, 0, 0, 3],
    ]) {
      const message = `Expected pads of ${kind} smaller than its kernel [2, 3], got ${JSON.stringify(padding)}`;
      expect(pooled({ kernel: [2, 3], padding })).toThrow(message);
    }
    expect(pooled({ kernel: [2, 3], padding: [1, 2, 1, 2] })).not.toThrow();
  });

  test('windows larger than the padded image, vectors, and settings it does not know', () => {
    expect(pooled({ kernel: 4 })).toThrow('Expected an image of at least 4 pixels a side');
    expect(pooled({}, [[[9], [1, 2, 3, 4, 5, 6, 7, 8, 9]]])).toThrow(
      `Expected an image [channels, height, width] as input of ${kind}, got [9]`,
    );
    expect(pooled({ dilation: 2 })).toThrow();
    expect(pooled({ kernel: 0 })).toThrow();
  });
});
