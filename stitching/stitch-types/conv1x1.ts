// The stitch between images of one height and width: a 1x1 convolution with bias, pixel by pixel.
import { filled } from '../../src/network/tensor.ts';
import type { StitchType } from './stitch-type.ts';

/** Source: Lenc & Vedaldi 2015, "Understanding image representations by measuring their equivariance and equivalence". */
export const conv1x1: StitchType = {
  name: 'conv1x1',
  weight: 1,
  joins: (from, to) => from.length === 3 && to.length === 3 && from[1] === to[1] && from[2] === to[2],

  build(id, input, [inputs], [outputs]) {
    const attributes = { stride: [1, 1], dilation: [1, 1], pads: [0, 0, 0, 0], groups: 1 };
    const params = { weight: filled([outputs!, inputs!, 1, 1], 0), bias: filled([outputs!], 0) };
    return [{ id, kind: 'conv2d', inputs: [input], attributes, params }];
  },
};
