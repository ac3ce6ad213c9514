import fc from 'fast-check';
import { expect, test } from 'vitest';
import { augmentBatch, horizontalFlip, padAndCrop } from '../../../src/data/augment.ts';
import { channelStatistics, normalise } from '../../../src/data/normalise.ts';
import { allocateSamples } from '../../../src/data/samples.ts';
import { sizeOf } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';

const counted = (length: number) => Float32Array.from({ length }, (_, i) => i + 1);
const rng = () => RandomStream.fromSeed(1);

test('a flip mirrors every row of every channel, and half of the images', () => {
  expect(Array.from(horizontalFlip(1)(counted(12), [2, 2, 3], rng()))).toEqual([3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]);
  const stream = rng();
  const flipped = Array.from({ length: 400 }, () => horizontalFlip()(counted(2), [1, 1, 2], stream)[0] === 2);
  expect(Math.abs(flipped.filter(Boolean).length - 200)).toBeLessThan(40);
});

test('pad and crop moves all channels alike, and fills what comes in from outside', () => {
  const seen = new Set<string>();
  const stream = rng();
  const image = counted(12);
  for (let i = 0; i < 400; i++) seen.add(padAndCrop(1, -1)(image, [2, 2, 3], stream).join());
  const wanted = [-1, 0, 1].flatMap((down) =>
    [-1, 0, 1].map((right) =>
      [0, 6]
        .flatMap((channel) =>
          [0, 1].flatMap((y) =>
            [0, 1, 2].map((x) => {
              const [row, column] = [y + down, x + right];
              return row < 0 || row > 1 || column < 0 || column > 2 ? -1 : image[channel + row * 3 + column]!;
            }),
          ),
        )
        .join(),
    ),
  );
  expect([...seen].sort()).toEqual([...new Set(wanted)].sort());
});

test('equal streams give equal images, of the old shape; the batch itself stays as it is', () => {
  const shapes = fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 7 }),
  );
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 4 }), fc.nat(), (shape, size, seed) => {
      const data = counted(size * sizeOf(shape));
      const changed = () => augmentBatch(data, shape, [horizontalFlip(), padAndCrop(2)], RandomStream.fromSeed(seed));
      expect(changed()).toEqual(changed());
      expect(changed()).toHaveLength(data.length);
      expect(data).toEqual(counted(data.length));
    }),
  );
});

test('images only, and pads of whole pixels', () => {
  expect(() => horizontalFlip()(counted(3), [3], rng())).toThrow('Expected images to augment');
  expect(() => padAndCrop(0.5)).toThrow('Expected a number of pixels as pad, got 0.5');
  expect(() => horizontalFlip(2)).toThrow('Expected a probability from 0 to 1, got 2');
  expect(() => horizontalFlip(NaN)).toThrow('Expected a probability from 0 to 1, got NaN');
});

test('normalising by statistics of the training part', () => {
  const samples = allocateSamples([2, 1, 2], 2, 50);
  const stream = rng();
  samples.inputs.forEach((_, i) => {
    samples.inputs[i] = Math.floor(i / 2) % 2 === 0 ? 5 + 3 * stream.normal() : 7;
  });
  samples.labels.fill(1);
  const statistics = channelStatistics(samples);
  expect(statistics.mean[0]).toBeCloseTo(5, 0);
  expect(statistics.mean[1]).toBeCloseTo(7, 9);
  expect(statistics.deviation[1]).toBe(1);
  const normal = normalise(samples, statistics);
  const again = channelStatistics(normal);
  expect(again.mean.every((value) => Math.abs(value) < 1e-6)).toBe(true);
  expect(again.deviation[0]).toBeCloseTo(1, 6);
  expect(normal.labels).toEqual(samples.labels);
  // Other samples go by the same numbers, not by their own.
  const other = allocateSamples([2, 1, 2], 2, 1);
  expect(normalise(other, statistics).inputs[0]).toBeCloseTo(-statistics.mean[0]! / statistics.deviation[0]!, 6);
  expect(() => normalise(allocateSamples([3, 1, 1], 2, 1), statistics)).toThrow('Expected statistics of 3 channels');
  const { mean } = statistics;
  expect(() => normalise(samples, { mean, deviation: [1] })).toThrow('Expected statistics of 2 channels, got 1');
  expect(() => normalise(samples, { mean, deviation: [1, 0] })).toThrow('Expected deviations above 0, got [1,0]');
});
