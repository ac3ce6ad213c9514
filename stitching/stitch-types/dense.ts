// The stitch between vectors: a dense layer with bias.
import { tensor } from '../../src/network/tensor.ts';
import type { StitchType } from './stitch-type.ts';

export const dense: StitchType = {
  name: 'dense',
  weight: 1,
  joins: (from, to) => from.length === 1 && to.length === 1,

  build: (id, input, params) => [{ id, kind: 'dense', inputs: [input], attributes: {}, params }],

  params({ inputs, outputs, values }) {
    const weight = Float32Array.from(values.subarray(0, inputs * outputs));
    const bias = Float32Array.from(values.subarray(inputs * outputs));
    return { weight: tensor([inputs, outputs], weight), bias: tensor([outputs], bias) };
  },

  cost: (from, to) => ({ macs: from[0]! * to[0]!, params: (from[0]! + 1) * to[0]! }),
};
