// Random initial weights.
import { sizeOf, tensor, type Shape, type Tensor } from '../network/tensor.ts';
import type { RandomStream } from '../random/stream.ts';

/**
 * He-normal weights: standard deviation sqrt(2 / fanIn).
 *
 * Source: He et al. 2015, "Delving Deep into Rectifiers", section 2.2.
 */
export function heNormal(shape: Shape, fanIn: number, rng: RandomStream): Tensor {
  const deviation = Math.sqrt(2 / Math.max(fanIn, 1));
  return tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => deviation * rng.normal()),
  );
}

/** The He-normal weights of one new output channel, `count` being its fan-in. */
export function heNormalChannel(count: number, _old: Tensor, rng: RandomStream): Float32Array {
  return heNormal([count], count, rng).data;
}
