import { describe, expect, test } from 'vitest';
import { layerKind } from '../../../src/layers/registry.ts';
import type { Shape, Tensor } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { layerOf } from './layer-case.ts';

const weights = (kind: string, options: object, input: Shape): Tensor =>
  layerOf({ kind, options: { ...options }, inputs: [[input, []]] }).params.weight!;

const dense = (initializer: string): Tensor => weights('dense', { units: 100, initializer }, [300]);
// Fan-in 8 / 2 * 3 * 5 = 60, fan-out 80 / 2 * 3 * 5 = 600.
const conv = (initializer: string): Tensor =>
  weights('conv2d', { channels: 80, kernel: [3, 5], groups: 2, initializer }, [8, 6, 6]);

function spread({ data }: Tensor): { mean: number; deviation: number; kurtosis: number } {
  const moment = (power: number): number => data.reduce((total, x) => total + (x - mean) ** power, 0) / data.length;
  const mean = data.reduce((total, x) => total + x, 0) / data.length;
  return { mean, deviation: Math.sqrt(moment(2)), kurtosis: moment(4) / moment(2) ** 2 };
}

describe('initialisers', () => {
  test.each([
    ['he', dense, Math.sqrt(2 / 300), 3],
    ['he', conv, Math.sqrt(2 / 60), 3],
    ['glorot', dense, Math.sqrt(2 / 400), 1.8],
    ['glorot', conv, Math.sqrt(2 / 660), 1.8],
    ['glorotNormal', dense, Math.sqrt(2 / 400), 3],
    ['glorotNormal', conv, Math.sqrt(2 / 660), 3],
  ] as const)('%s draws with mean 0 and the right deviation and shape', (name, draw, deviation, kurtosis) => {
    const found = spread(draw(name));
    expect(Math.abs(found.mean)).toBeLessThan(0.05 * deviation);
    expect(Math.abs(found.deviation / deviation - 1)).toBeLessThan(0.05);
    expect(Math.abs(found.kurtosis - kurtosis)).toBeLessThan(0.3);
  });

  test('glorot stays within its limit, and comes near it', () => {
    const limit = Math.sqrt(6 / 400);
    const highest = Math.max(...dense('glorot').data.map(Math.abs));
    expect(highest).toBeLessThanOrEqual(Math.fround(limit));
    expect(highest).toBeGreaterThan(0.999 * limit);
  });

  test('zeros are zeros', () => {
    expect(conv('zeros').data.every((x) => x === 0)).toBe(true);
  });

  test('he is the default, and biases start at 0', () => {
    expect(weights('dense', { units: 5 }, [4])).toEqual(weights('dense', { units: 5, initializer: 'he' }, [4]));
    const layer = layerOf({ kind: 'dense', options: { units: 5, initializer: 'orthogonal' }, inputs: [[[4], []]] });
    expect([...layer.params.bias!.data]).toEqual([0, 0, 0, 0, 0]);
  });

  test('one that is not known is refused', () => {
    for (const kind of ['dense', 'conv2d']) {
      expect(() => weights(kind, { units: 5, channels: 5, kernel: 1, initializer: 'uniform' }, [4])).toThrow();
      expect(layerKind(kind).options.safeParse({ units: 5, initializer: 'uniform' }).success).toBe(false);
    }
  });
});

describe('orthogonal weights', () => {
  test.each([
    ['tall', dense('orthogonal'), 'columns'],
    ['wide', weights('dense', { units: 70, initializer: 'orthogonal' }, [20]), 'rows'],
    ['square', weights('dense', { units: 64, initializer: 'orthogonal' }, [64]), 'rows'],
    ['of a convolution with more channels than taps', conv('orthogonal'), 'columns'],
    [
      'of a convolution with more taps than channels',
      weights('conv2d', { channels: 6, kernel: 3, initializer: 'orthogonal' }, [2, 4, 4]),
      'rows',
    ],
  ] as const)('%s have orthonormal vectors', (_, { shape, data }, along) => {
    const rows = shape[0]!;
    const columns = data.length / rows;
    const [count, length] = along === 'rows' ? [rows, columns] : [columns, rows];
    expect(count).toBeLessThanOrEqual(length);
    const entry = (vector: number, i: number): number =>
      data[along === 'rows' ? vector * columns + i : i * columns + vector]!;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let product = 0;
        for (let i = 0; i < length; i++) product += entry(a, i) * entry(b, i);
        expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-6);
      }
    }
  });

  test('favour no direction: entries of many small matrices have mean 0 and variance 1 / size', () => {
    const rng = RandomStream.fromSeed(3);
    const kind = layerKind('dense');
    const options = kind.options.parse({ units: 2, initializer: 'orthogonal' });
    const drawn = Array.from({ length: 2000 }, () => kind.create(options, [[2]], rng).params.weight!.data);
    for (let i = 0; i < 4; i++) {
      const mean = drawn.reduce((total, data) => total + data[i]!, 0) / drawn.length;
      const square = drawn.reduce((total, data) => total + data[i]! ** 2, 0) / drawn.length;
      expect(Math.abs(mean)).toBeLessThan(0.06);
      expect(Math.abs(square - 0.5)).toBeLessThan(0.03);
    }
    // Turns and mirrorings, half and half.
    const turns = drawn.filter(([a, b, c, d]) => a! * d! - b! * c! > 0).length;
    expect(Math.abs(turns / drawn.length - 0.5)).toBeLessThan(0.04);
  });
});
