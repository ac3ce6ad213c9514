// The stitch between vectors: a dense layer with bias.
import { filled } from '../../src/network/tensor.ts';
import type { StitchType } from './stitch-type.ts';

export const dense: StitchType = {
  name: 'dense',
  weight: 1,
  joins: (from, to) => from.length === 1 && to.length === 1,

  build(id, input, [inputs], [outputs]) {
    const params = { weight: filled([inputs!, outputs!], 0), bias: filled([outputs!], 0) };
    return [{ id, kind: 'dense', inputs: [input], attributes: {}, params }];
  },
};
