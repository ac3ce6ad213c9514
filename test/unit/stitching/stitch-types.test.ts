// Every stitch type: what it builds joins the shapes it says it joins, at the cost it says, with its coefficients right.
import { describe, expect, test } from 'vitest';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { costOf, type NetworkCost } from '../../../src/network/cost.ts';
import type { Network, NetworkNode, Params } from '../../../src/network/network.ts';
import { outputShape } from '../../../src/network/shapes.ts';
import { sizeOf, type Shape } from '../../../src/network/tensor.ts';
import { validate } from '../../../src/network/validate.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { withCoefficients } from '../../../stitching/fit/fit-plan.ts';
import { buildChain, placedChain } from '../../../stitching/stitch-types/build-chain.ts';
import type { Coefficients } from '../../../stitching/stitch-types/coefficients.ts';
import { conv1x1 } from '../../../stitching/stitch-types/conv1x1.ts';
import { dense } from '../../../stitching/stitch-types/dense.ts';
import { pooledDense } from '../../../stitching/stitch-types/pooled-dense.ts';
import { reshapedDense } from '../../../stitching/stitch-types/reshaped-dense.ts';
import { resizedConv1x1 } from '../../../stitching/stitch-types/resized-conv1x1.ts';
import { stitchTypeFor } from '../../../stitching/stitch-types/registry.ts';
import type { StitchType } from '../../../stitching/stitch-types/stitch-type.ts';
import { predictionError, rowsOf } from '../../helpers/least-squares.ts';
import { ownTypes, smoothedConv } from '../../helpers/own-stitch-types.ts';

const shapes: readonly Shape[] = [[1], [3], [4], [1, 1, 1], [2, 3, 4], [3, 3, 4], [2, 4, 3], [5, 6, 6], [2, 6, 8]];

const input = (shape: Shape): NetworkNode => {
  return { id: 'input', kind: 'input', inputs: [], attributes: { shape }, params: {} };
};

/** The stitch as a network, with the coefficients in it, or those that it has until it is fitted. */
function networkOf(type: StitchType, from: Shape, to: Shape, given?: Coefficients): Network {
  const network = { nodes: [input(from), ...placedChain(buildChain(type, from, to), 'stitch', 'input')] };
  return given ? withCoefficients(network, [{ node: 'stitch', coefficients: given, r2: 0, ridge: 1 }]) : network;
}

describe.each(ownTypes)('$name', (type) => {
  const joined = shapes.flatMap((from) => shapes.filter((to) => type.joins(from, to)).map((to) => [from, to] as const));

  test('joins shapes as it says, at the cost that its nodes have', () => {
    expect(joined.length).toBeGreaterThan(0);
    for (const [from, to] of joined) {
      const network = networkOf(type, from, to);
      validate(network);
      expect(outputShape(network)).toEqual(to);
      expect(buildChain(type, from, to).cost).toEqual(costOf(network));
    }
  });

  test('computes its coefficients at every position of what it aligns', async () => {
    for (const [from, to] of joined) {
      const rng = RandomStream.fromSeed(String([from, to]));
      const { nodes, align, target } = buildChain(type, from, to);
      const { weight, bias } = nodes.find(({ id }) => id === 'stitch')!.params;
      const outputs = bias!.data.length;
      const inputs = weight!.data.length / outputs;
      const values = Float64Array.from({ length: (inputs + 1) * outputs }, () => Math.fround(rng.normal()));
      const built = networkOf(type, from, to, { inputs, outputs, values });
      // What the regression is on, and of: the stitch is to compute it in place of the tensor that it stands in for.
      const aligned = [input(from), ...(align ? [{ id: 'aligned', ...align, inputs: ['input'], params: {} }] : [])];
      const last = built.nodes.at(-1)!.id;
      const foretold = [...built.nodes, ...(target ? [{ id: 'target', ...target, inputs: [last], params: {} }] : [])];
      const data = Float32Array.from({ length: 2 * sizeOf(from) }, () => rng.normal());
      const program = await referenceEngine.compile([{ nodes: foretold }, { nodes: aligned }]);
      const [actual, features] = await program.forward({ size: 2, data });
      const rows = rowsOf(features!, 2, inputs);
      expect(predictionError(rows, rowsOf(actual!, 2, outputs), values)).toBeLessThan(1e-20 * actual!.length);
    }
  });
});

test.each([conv1x1, dense])('with the coefficients of the identity $name changes nothing', async (type) => {
  for (const shape of shapes.filter((one) => type.joins(one, one))) {
    const data = Float32Array.from({ length: 2 * sizeOf(shape) }, (_, at) => Math.fround(Math.sin(at + 1)));
    const program = await referenceEngine.compile([networkOf(type, shape, shape)]);
    expect(Array.from((await program.forward({ size: 2, data }))[0]!)).toEqual(Array.from(data));
  }
});

test('a 1x1 convolution takes the coefficients as [out, in, 1, 1], a dense layer as [in, out]', () => {
  // Two inputs, three outputs: y0 = 1 x0 + 4 x1 + 7, and so on.
  const coefficients = { inputs: 2, outputs: 3, values: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) };
  const paramsOf = (type: StitchType, from: Shape, to: Shape): Params => {
    return networkOf(type, from, to, coefficients).nodes.at(-1)!.params;
  };
  const conv = paramsOf(conv1x1, [2, 4, 4], [3, 4, 4]);
  expect(conv.weight).toEqual({ shape: [3, 2, 1, 1], data: Float32Array.of(1, 4, 2, 5, 3, 6) });
  expect(conv.bias).toEqual({ shape: [3], data: Float32Array.of(7, 8, 9) });
  const vector = paramsOf(dense, [2], [3]);
  expect(vector.weight).toEqual({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) });
  expect(vector.bias).toEqual({ shape: [3], data: Float32Array.of(7, 8, 9) });
  expect(() => paramsOf(dense, [3], [2])).toThrow('Expected a linear layer from 2 to 3 channels, got [3,2]');
});

test('between images of two sizes the convolution is where pixels are fewer, and blocks are averaged', () => {
  const kinds = (from: Shape, to: Shape): string[] => networkOf(resizedConv1x1, from, to).nodes.map(({ kind }) => kind);
  expect(kinds([2, 6, 8], [5, 3, 4])).toEqual(['input', 'avgPool', 'conv2d']);
  expect(kinds([5, 3, 4], [2, 6, 8])).toEqual(['input', 'conv2d', 'resize']);
  expect(kinds([2, 6, 8], [5, 4, 8])).toEqual(['input', 'resize', 'conv2d']);
  const cost = (from: Shape, to: Shape): NetworkCost => buildChain(resizedConv1x1, from, to).cost;
  expect(cost([2, 6, 8], [5, 3, 4])).toEqual({ macs: 2 * 5 * 12, params: 15 });
  expect(cost([5, 3, 4], [2, 6, 8])).toEqual({ macs: 5 * 2 * 12 + 4 * 2 * 48, params: 12 });
});

test('the first type that joins two tensors is taken', () => {
  expect(stitchTypeFor([2, 3, 4], [5, 3, 4])).toBe(conv1x1);
  expect(stitchTypeFor([2, 3, 4], [5, 3, 4], ownTypes)).toBe(smoothedConv);
  expect(stitchTypeFor([2], [7])).toBe(dense);
  expect(stitchTypeFor([2, 3, 4], [2, 4, 3])).toBe(resizedConv1x1);
  expect(stitchTypeFor([2, 3, 4], [24])).toBe(pooledDense);
  expect(stitchTypeFor([24], [2, 3, 4])).toBe(reshapedDense);
  expect(stitchTypeFor([512], [32, 8, 8])).toBe(reshapedDense);
  expect(stitchTypeFor([512], [33, 8, 8])).toBeUndefined();
});
