// Stitch types that the package does not know, as a user may bring them, and supernetworks with and without.
import fc from 'fast-check';
import { sizeOf } from '../../src/network/tensor.ts';
import { conv1x1 } from '../../stitching/stitch-types/conv1x1.ts';
import { dense } from '../../stitching/stitch-types/dense.ts';
import { stitchTypes } from '../../stitching/stitch-types/registry.ts';
import type { PlainLayer, StitchType } from '../../stitching/stitch-types/stitch-type.ts';
import type { SupernetworkOptions } from '../../stitching/supernetwork.ts';

const window: PlainLayer = {
  kind: 'avgPool',
  attributes: { kernel: [3, 3], stride: [1, 1], pads: [1, 1, 1, 1], countIncludePad: false },
};

/** Between images of one size: the mean of each 3x3 neighbourhood, then a 1x1 convolution. */
export const smoothedConv: StitchType = {
  name: 'smoothedConv',
  weight: 0.5,
  joins: (from, to) => conv1x1.joins(from, to),
  align: () => window,
  build: (id, input, from, to) => [
    { id: `${id}.mean`, ...window, inputs: [input], params: {} },
    ...conv1x1.build(id, `${id}.mean`, from, to),
  ],
};

/** Between small images: a dense layer from all pixels to all pixels. */
export const allPixels: StitchType = {
  name: 'allPixels',
  weight: 0.3,
  joins: (from, to) => from.length === 3 && to.length === 3 && sizeOf(from) <= 36 && sizeOf(to) <= 36,
  align: () => ({ kind: 'flatten', attributes: {} }),
  target: () => ({ kind: 'flatten', attributes: {} }),
  build: (id, input, from, to) => [
    { id: `${id}.flatten`, kind: 'flatten', inputs: [input], attributes: {}, params: {} },
    ...dense.build(id, `${id}.flatten`, [sizeOf(from)], [sizeOf(to)]),
    { id: `${id}.reshape`, kind: 'reshape', inputs: [id], attributes: { size: to.slice(1) }, params: {} },
  ],
};

export const ownTypes: readonly StitchType[] = [allPixels, smoothedConv, ...stitchTypes];

/** What supernetworks of laws are built of. */
export const typeLists = fc.constantFrom(stitchTypes, ownTypes);

export const supernetworkOptions: fc.Arbitrary<SupernetworkOptions> = fc.record({
  stitchEqualNodes: fc.boolean(),
  types: typeLists,
});
