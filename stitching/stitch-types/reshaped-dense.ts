// The stitch from a vector to an image: a dense layer with bias makes all pixels, and a reshape puts them in place.
import { sizeOf } from '../../src/network/tensor.ts';
import { dense } from './dense.ts';
import type { StitchType } from './stitch-type.ts';

/** The dense layer's most weights: 4 MB. A larger one would be the greatest layer of most children. */
const mostWeights = 2 ** 20;

export const reshapedDense: StitchType = {
  name: 'reshapedDense',
  weight: 0.125,
  joins: (from, to) => from.length === 1 && to.length === 3 && from[0]! * sizeOf(to) <= mostWeights,
  target: () => ({ kind: 'flatten', attributes: {} }),

  build(id, input, from, to) {
    const attributes = { size: to.slice(1) };
    const reshape = { id: `${id}.reshape`, kind: 'reshape', inputs: [id], attributes, params: {} };
    return [...dense.build(id, input, from, [sizeOf(to)]), reshape];
  },
};
