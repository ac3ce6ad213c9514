import { describe, expect, test } from 'vitest';
import { layerKind } from '../../../src/layers/registry.ts';
import { filled } from '../../../src/network/tensor.ts';
import { expectLayer, layerOf } from './layer-case.ts';

describe('scale', () => {
  test('multiplies by one learned number', () =>
    expectLayer(
      {
        kind: 'scale',
        options: { initial: -2 },
        inputs: [
          [
            [2, 1, 2],
            [1, 2, 3, 4],
          ],
        ],
        gradient: [1, 0, 2, -1],
      },
      { shape: [2, 1, 2], output: [-2, -4, -6, -8], inputs: [[-2, 0, -4, 2]], params: { factor: [3] } },
    ));

  test('starts at 1 by default', () => {
    const layer = layerOf({ kind: 'scale', inputs: [[[2], []]] });
    expect(layer.params.factor).toEqual(filled([1], 1));
    expect(layerKind('scale').macs(layer)).toBe(2);
  });

  test('a negative factor turns the range around', () => {
    const layer = layerOf({ kind: 'scale', options: { initial: -2 }, inputs: [[[2], []]] });
    expect(layerKind('scale').range(layer, [{ low: 0, high: Infinity }])).toEqual({ low: -Infinity, high: -0 });
  });

  test('refuses a factor that is no scalar', () => {
    const layer = layerOf({ kind: 'scale', inputs: [[[2], []]] });
    expect(() => layerKind('scale').outputShape({ ...layer, params: { factor: filled([2], 1) } })).toThrow(
      'Expected a scale factor of shape [1], got [2]',
    );
  });
});
