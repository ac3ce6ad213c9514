// Every stitch type: what it builds joins the shapes it says it joins, at the cost it says, with its coefficients right.
import { describe, expect, test } from 'vitest';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { costOf } from '../../../src/network/cost.ts';
import type { Network } from '../../../src/network/network.ts';
import { outputShape } from '../../../src/network/shapes.ts';
import { sizeOf, type Shape } from '../../../src/network/tensor.ts';
import { validate } from '../../../src/network/validate.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { identityCoefficients, type Coefficients } from '../../../stitching/stitch-types/coefficients.ts';
import { conv1x1 } from '../../../stitching/stitch-types/conv1x1.ts';
import { dense } from '../../../stitching/stitch-types/dense.ts';
import { pooledDense } from '../../../stitching/stitch-types/pooled-dense.ts';
import { reshapedDense } from '../../../stitching/stitch-types/reshaped-dense.ts';
import { resizedConv1x1 } from '../../../stitching/stitch-types/resized-conv1x1.ts';
import { regressionSize, stitchType, stitchTypeFor, stitchTypes } from '../../../stitching/stitch-types/registry.ts';
import type { StitchType } from '../../../stitching/stitch-types/stitch-type.ts';
import { predictionError, rowsOf } from '../../helpers/least-squares.ts';

const shapes: readonly Shape[] = [[1], [3], [4], [1, 1, 1], [2, 3, 4], [3, 3, 4], [2, 4, 3], [5, 6, 6], [2, 6, 8]];

function networkOf(type: StitchType, from: Shape, to: Shape, given?: Coefficients): Network {
  const { inputs, outputs } = regressionSize(type, from, to);
  const fitted = given ?? identityCoefficients(inputs, outputs);
  const input = { id: 'input', kind: 'input', inputs: [], attributes: { shape: from }, params: {} };
  const params = type.params(fitted);
  return { nodes: [input, ...type.build('stitch', 'input', params, from, to)] };
}

describe.each(stitchTypes)('$name', (type) => {
  const joined = shapes.flatMap((from) => shapes.filter((to) => type.joins(from, to)).map((to) => [from, to] as const));

  test('joins shapes as it says, at the cost it says', () => {
    expect(joined.length).toBeGreaterThan(0);
    for (const [from, to] of joined) {
      const network = networkOf(type, from, to);
      validate(network);
      expect(outputShape(network)).toEqual(to);
      expect(costOf(network)).toEqual(type.cost(from, to));
      expect(network.nodes.some(({ id }) => id === 'stitch')).toBe(true);
    }
  });

  test('computes its coefficients at every position of what it aligns', async () => {
    for (const [from, to] of joined) {
      const rng = RandomStream.fromSeed(String([from, to]));
      const { inputs, outputs } = regressionSize(type, from, to);
      const values = Float64Array.from({ length: (inputs + 1) * outputs }, () => Math.fround(rng.normal()));
      const built = networkOf(type, from, to, { inputs, outputs, values });
      const [input] = built.nodes;
      const layer = type.align?.(from, to);
      const aligning = layer ? [input!, { id: 'aligned', ...layer, inputs: ['input'], params: {} }] : [input!];
      const data = Float32Array.from({ length: 2 * sizeOf(from) }, () => rng.normal());
      const program = await referenceEngine.compile([built, { nodes: aligning }]);
      const [actual, features] = await program.forward({ size: 2, data });
      const rows = rowsOf(features!, 2, inputs);
      expect(predictionError(rows, rowsOf(actual!, 2, outputs), values)).toBeLessThan(1e-20 * actual!.length);
    }
  });

  test('with the coefficients of the identity it changes nothing', async () => {
    for (const [from, to] of joined.filter(([one, other]) => String(one) === String(other))) {
      const data = Float32Array.from({ length: 2 * sizeOf(from) }, (_, at) => Math.fround(Math.sin(at + 1)));
      const program = await referenceEngine.compile([networkOf(type, from, to)]);
      expect(Array.from((await program.forward({ size: 2, data }))[0]!)).toEqual(Array.from(data));
    }
  });
});

// Two inputs, three outputs: y0 = 1 x0 + 4 x1 + 7, and so on.
const coefficients = { inputs: 2, outputs: 3, values: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) };

test('a 1x1 convolution takes the coefficients as [out, in, 1, 1], a dense layer as [in, out]', () => {
  const conv = conv1x1.params(coefficients);
  expect(conv.weight).toEqual({ shape: [3, 2, 1, 1], data: Float32Array.of(1, 4, 2, 5, 3, 6) });
  expect(conv.bias).toEqual({ shape: [3], data: Float32Array.of(7, 8, 9) });
  const vector = dense.params(coefficients);
  expect(vector.weight).toEqual({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) });
  expect(vector.bias).toEqual({ shape: [3], data: Float32Array.of(7, 8, 9) });
});

test('between images of two sizes the convolution is where pixels are fewer, and blocks are averaged', () => {
  const kinds = (from: Shape, to: Shape): string[] => networkOf(resizedConv1x1, from, to).nodes.map(({ kind }) => kind);
  expect(kinds([2, 6, 8], [5, 3, 4])).toEqual(['input', 'avgPool', 'conv2d']);
  expect(kinds([5, 3, 4], [2, 6, 8])).toEqual(['input', 'conv2d', 'resize']);
  expect(kinds([2, 6, 8], [5, 4, 8])).toEqual(['input', 'resize', 'conv2d']);
  expect(resizedConv1x1.cost([2, 6, 8], [5, 3, 4])).toEqual({ macs: 2 * 5 * 12, params: 15 });
  expect(resizedConv1x1.cost([5, 3, 4], [2, 6, 8])).toEqual({ macs: 5 * 2 * 12 + 4 * 2 * 48, params: 12 });
});

test('the registry finds a type by shapes and by name', () => {
  expect(stitchTypeFor([2, 3, 4], [5, 3, 4])).toBe(conv1x1);
  expect(stitchTypeFor([2], [7])).toBe(dense);
  expect(stitchTypeFor([2, 3, 4], [2, 4, 3])).toBe(resizedConv1x1);
  expect(stitchTypeFor([2, 3, 4], [24])).toBe(pooledDense);
  expect(stitchTypeFor([24], [2, 3, 4])).toBe(reshapedDense);
  expect(stitchTypeFor([512], [32, 8, 8])).toBe(reshapedDense);
  expect(stitchTypeFor([512], [33, 8, 8])).toBeUndefined();
  expect(stitchType('dense')).toBe(dense);
  expect(() => stitchType('glue')).toThrow(
    'Expected a stitch type (conv1x1, resizedConv1x1, dense, pooledDense, reshapedDense), got "glue"',
  );
});
