import { describe, expect, test } from 'vitest';
import { layerKind } from '../../../src/layers/registry.ts';
import { expectLayer, layerOf } from './layer-case.ts';

describe('concat', () => {
  test('puts vectors one behind the other, sample by sample', () =>
    expectLayer(
      {
        kind: 'concat',
        inputs: [
          [[2], [1, 2, 3, 4]],
          [[1], [5, 6]],
        ],
        gradient: [10, 20, 30, 40, 50, 60],
      },
      {
        shape: [3],
        output: [1, 2, 5, 3, 4, 6],
        inputs: [
          [10, 20, 40, 50],
          [30, 60],
        ],
      },
    ));

  test('joins three images along their channels', () =>
    expectLayer(
      {
        kind: 'concat',
        inputs: [
          [
            [1, 1, 2],
            [1, 2],
          ],
          [
            [2, 1, 2],
            [3, 4, 5, 6],
          ],
          [
            [1, 1, 2],
            [7, 8],
          ],
        ],
        gradient: [1, 2, 3, 4, 5, 6, 7, 8],
      },
      {
        shape: [4, 1, 2],
        output: [1, 2, 3, 4, 5, 6, 7, 8],
        inputs: [
          [1, 2],
          [3, 4, 5, 6],
          [7, 8],
        ],
      },
    ));

  test('refuses images of another size, and images beside vectors', () => {
    const beside =
      (...shapes: number[][]): (() => unknown) =>
      () =>
        layerOf({ kind: 'concat', inputs: shapes.map((shape) => [shape, []] as const) });
    expect(beside([2, 3, 4], [2, 4, 3])).toThrow(
      'Expected inputs of concat that all have shape [any channels, 3, 4], got [2,4,3]',
    );
    expect(beside([5], [5, 1, 1])).toThrow('Expected inputs of concat that all have shape [any channels]');
    expect(layerKind('concat').arity.min).toBe(2);
  });

  test('its range holds those of all inputs', () => {
    const layer = layerOf({
      kind: 'concat',
      inputs: [
        [[1], []],
        [[1], []],
      ],
    });
    const ranges = [
      { low: -1, high: 0 },
      { low: 2, high: 3 },
    ];
    expect(layerKind('concat').range(layer, ranges)).toEqual({ low: -1, high: 3 });
  });
});
