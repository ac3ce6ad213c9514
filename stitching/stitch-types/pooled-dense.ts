// The stitch from an image to a vector: each channel's mean, and a dense layer with bias.
import { dense } from './dense.ts';
import type { StitchType } from './stitch-type.ts';

export const pooledDense: StitchType = {
  name: 'pooledDense',
  weight: 0.125,
  joins: (from, to) => from.length === 3 && to.length === 1,
  align: () => ({ kind: 'globalAvgPool', attributes: {} }),

  build(id, input, from, to) {
    const pooled = `${id}.globalAvgPool`;
    const pool = { id: pooled, kind: 'globalAvgPool', inputs: [input], attributes: {}, params: {} };
    return [pool, ...dense.build(id, pooled, from, to)];
  },
};
