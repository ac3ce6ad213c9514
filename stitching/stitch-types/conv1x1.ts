// The stitch between images of one height and width: a 1x1 convolution with bias, pixel by pixel.
import { tensor } from '../../src/network/tensor.ts';
import type { StitchType } from './stitch-type.ts';

/** Source: Lenc & Vedaldi 2015, "Understanding image representations by measuring their equivariance and equivalence". */
export const conv1x1: StitchType = {
  name: 'conv1x1',
  weight: 1,
  joins: (from, to) => from.length === 3 && to.length === 3 && from[1] === to[1] && from[2] === to[2],

  build(id, input, params) {
    const attributes = { stride: [1, 1], dilation: [1, 1], pads: [0, 0, 0, 0], groups: 1 };
    return [{ id, kind: 'conv2d', inputs: [input], attributes, params }];
  },

  params({ inputs, outputs, values }) {
    const weight = new Float32Array(outputs * inputs);
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) weight[o * inputs + i] = values[i * outputs + o]!;
    }
    const bias = Float32Array.from(values.subarray(inputs * outputs));
    return { weight: tensor([outputs, inputs, 1, 1], weight), bias: tensor([outputs], bias) };
  },

  cost: (from, to) => ({ macs: from[0]! * to[0]! * to[1]! * to[2]!, params: (from[0]! + 1) * to[0]! }),
};
