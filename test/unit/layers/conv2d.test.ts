import fc from 'fast-check';
import { test } from 'vitest';
import { RandomStream } from '../../../src/random/stream.ts';
import { sizeOf } from '../../../src/network/tensor.ts';
import { expectAgreement, layerOf, type LayerCase } from './layer-case.ts';

const pair = (low: number, high: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }));

/** Few channels in and many out, and the other way round: they are computed in different ways. */
const geometries = fc.record({
  groups: fc.constantFrom(1, 1, 1, 2, 3),
  perGroup: fc.constantFrom([1, 1], [1, 5], [2, 3], [4, 1]),
  size: pair(1, 7),
  batch: fc.integer({ min: 1, max: 3 }),
  kernel: pair(1, 4),
  stride: fc.oneof({ weight: 3, arbitrary: fc.constant([1, 1]) }, { weight: 1, arbitrary: pair(1, 3) }),
  dilation: pair(1, 3),
  padding: fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6), fc.nat(6)),
});

test('a convolution of any geometry has the gradients of the reference', async () => {
  await fc.assert(
    fc.asyncProperty(geometries, fc.nat(), async ({ groups, perGroup, size, batch, ...options }, seed) => {
      const { kernel, dilation, padding } = options;
      fc.pre(
        [0, 1].every(
          (axis) => size[axis]! + padding[axis]! + padding[axis + 2]! > (kernel[axis]! - 1) * dilation[axis]!,
        ),
      );
      const rng = RandomStream.fromSeed(seed);
      const normals = (length: number): number[] => Array.from({ length }, () => Math.fround(rng.normal()));
      const shape = [groups * perGroup[0], ...size];
      const own: LayerCase = {
        kind: 'conv2d',
        options: { ...options, groups, channels: groups * perGroup[1] },
        inputs: [[shape, normals(batch * sizeOf(shape))]],
      };
      await expectAgreement({ ...own, gradient: normals(batch * sizeOf(layerOf(own).output)) }, 1e-5);
    }),
    { numRuns: 300, seed: 7 },
  );
});
