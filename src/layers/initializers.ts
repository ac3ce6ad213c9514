// Random initial weights.
import { z } from 'zod';
import { filled, sizeOf, tensor, type Shape, type Tensor } from '../network/tensor.ts';
import type { RandomStream } from '../random/stream.ts';

/** How many values a unit reads, and how many units read a value. */
interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Every initialiser by its name in the options of a layer. */
const initializers = {
  he: (shape: Shape, { fanIn }: Fans, rng: RandomStream) => heNormal(shape, fanIn, rng),
  glorot: glorotUniform,
  glorotNormal,
  orthogonal: (shape: Shape, _: Fans, rng: RandomStream) => orthogonal(shape, rng),
  zeros: (shape: Shape) => filled(shape, 0),
};

/** Which initialiser draws a layer's weights; `glorot` is the uniform one. */
export const initializerOption = z
  .enum(Object.keys(initializers) as [keyof typeof initializers, ...(keyof typeof initializers)[]])
  .default('he');
export type InitializerName = z.output<typeof initializerOption>;

export function initialWeights(name: InitializerName, shape: Shape, fans: Fans, rng: RandomStream): Tensor {
  return initializers[name](shape, fans, rng);
}

/**
 * He-normal weights: standard deviation sqrt(2 / fanIn).
 *
 * Source: He et al. 2015, "Delving Deep into Rectifiers", section 2.2.
 */
function heNormal(shape: Shape, fanIn: number, rng: RandomStream): Tensor {
  const deviation = Math.sqrt(2 / Math.max(fanIn, 1));
  return drawn(shape, () => deviation * rng.normal());
}

/** The He-normal weights of one new output channel, `count` being its fan-in. */
export function heNormalChannel(count: number, _old: Tensor, rng: RandomStream): Float32Array {
  return heNormal([count], count, rng).data;
}

/**
 * Glorot-uniform weights: within plus or minus sqrt(6 / (fanIn + fanOut)), so of variance 2 / (fanIn + fanOut).
 *
 * Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", (16).
 */
function glorotUniform(shape: Shape, { fanIn, fanOut }: Fans, rng: RandomStream): Tensor {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return drawn(shape, () => limit * (2 * rng.float() - 1));
}

/** Normal weights of the same variance as `glorotUniform`: 2 / (fanIn + fanOut). */
function glorotNormal(shape: Shape, { fanIn, fanOut }: Fans, rng: RandomStream): Tensor {
  const deviation = Math.sqrt(2 / (fanIn + fanOut));
  return drawn(shape, () => deviation * rng.normal());
}

/**
 * Weights that, seen as a matrix [shape[0], rest], have orthonormal rows, or columns where there are more rows: the
 * orthogonal factor of a Gaussian matrix, uniform among all such. Takes time of the smaller side squared times the
 * larger: about 2 s for 1024 by 1024.
 *
 * Source: Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks";
 * uniformity: Mezzadri 2007, "How to generate random matrices from the classical compact groups".
 */
function orthogonal(shape: Shape, rng: RandomStream): Tensor {
  const rows = shape[0]!;
  const columns = sizeOf(shape) / rows;
  const isWide = rows <= columns;
  const [count, length] = isWide ? [rows, columns] : [columns, rows];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => rng.normal());
    // Twice, since what one round leaves of the others in rounding the second takes out (Kahan and Parlett).
    for (const other of [...basis, ...basis]) subtractProjection(vector, other);
    const norm = Math.sqrt(vector.reduce((total, x) => total + x * x, 0));
    basis.push(vector.map((x) => x / norm));
  }
  const data = new Float32Array(sizeOf(shape));
  basis.forEach((vector, i) => {
    vector.forEach((x, j) => (data[isWide ? i * columns + j : j * columns + i] = x));
  });
  return tensor(shape, data);
}

/** Takes out of `vector` what lies along the unit vector `direction`. */
function subtractProjection(vector: Float64Array, direction: Float64Array): void {
  let along = 0;
  for (let i = 0; i < vector.length; i++) along += vector[i]! * direction[i]!;
  for (let i = 0; i < vector.length; i++) vector[i]! -= along * direction[i]!;
}

function drawn(shape: Shape, draw: () => number): Tensor {
  const data = new Float32Array(sizeOf(shape));
  // Twice as fast as Float32Array.from.
  for (let i = 0; i < data.length; i++) data[i] = draw();
  return tensor(shape, data);
}
