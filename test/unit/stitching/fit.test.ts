// The closed-form fit on small examples: what it reports, and what it refuses.
import { expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { fitWithBestRidge } from '../../../stitching/fit/choose-ridge.ts';
import { applyFits } from '../../../stitching/fit/fit-plan.ts';
import type { FitSamples } from '../../../stitching/fit/fit-samples.ts';
import { fitStitches, type FittedStitch } from '../../../stitching/fit/fit-stitches.ts';
import { solveRidge } from '../../../stitching/fit/ridge.ts';
import { addSums, explainedShare, someOutputs, squaredError } from '../../../stitching/fit/sums.ts';

/** x = 0, 1, 2 and y = 1, 3, 5, so y = 2 x + 1. */
const line = {
  count: 3,
  inputs: 1,
  outputs: 1,
  xx: Float64Array.of(5, 3, 3, 3),
  xy: Float64Array.of(13, 9),
  yy: Float64Array.of(35),
};

test('ridge on a line', () => {
  const { coefficients, steady } = solveRidge(line, 1e-12);
  expect(steady).toBe(true);
  expect(coefficients.values[0]).toBeCloseTo(2, 9);
  expect(coefficients.values[1]).toBeCloseTo(1, 9);
  // The ridge is a multiple of the variance, and the bias goes free: half the slope, still through the means.
  const held = solveRidge(line, 1).coefficients;
  expect(held.values[0]).toBeCloseTo(1, 9);
  expect(held.values[1]).toBeCloseTo(2, 9);
  expect(squaredError(line, held)).toBeCloseTo(2, 9);
  expect(explainedShare(line, held)).toBeCloseTo(1 - 2 / 8, 9);
});

test('sums add up, and some of their outputs can be taken', () => {
  const twice = addSums(line, line);
  expect([twice.count, ...twice.xx, ...twice.xy, ...twice.yy]).toEqual([6, 10, 6, 6, 6, 26, 18, 70]);
  const wide = { ...line, outputs: 4, xy: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), yy: Float64Array.of(1, 2, 3, 4) };
  const some = someOutputs(wide, 2);
  expect([some.outputs, ...some.xy, ...some.yy]).toEqual([2, 1, 3, 5, 7, 1, 3]);
  expect(someOutputs(wide, 4)).toBe(wide);
});

test('features or targets that do not vary', () => {
  // x = 2 twice and y = 1, 3: only the mean is left.
  const constant = {
    ...line,
    count: 2,
    xx: Float64Array.of(8, 4, 4, 2),
    xy: Float64Array.of(8, 4),
    yy: Float64Array.of(10),
  };
  expect(solveRidge(constant, 1e-7).coefficients.values).toEqual(Float64Array.of(0, 2));
  // x = 0, 1 and y = 5 twice.
  const flat = {
    ...line,
    count: 2,
    xx: Float64Array.of(1, 1, 1, 2),
    xy: Float64Array.of(5, 10),
    yy: Float64Array.of(50),
  };
  expect(explainedShare(flat, { inputs: 1, outputs: 1, values: Float64Array.of(0, 5) })).toBe(1);
  expect(explainedShare(flat, { inputs: 1, outputs: 1, values: Float64Array.of(0, 4) })).toBe(0);
  // A deviation of a thousandth is lost beside an offset of a million.
  const small = { ...line, xx: line.xx.map((value, at) => value * [1e-6, 1e-3, 1e-3, 1][at]!) };
  expect(solveRidge(small, 1e-7).coefficients.values[0]).not.toBe(0);
  expect(solveRidge(small, 1e-7, [1e6]).coefficients.values[0]).toBe(0);
});

test('a ridge below the rounding of the sums is called unsteady, and gives finite coefficients', () => {
  // Two equal features, but for an error in the sum of their products.
  const xx = Float64Array.of(1, 1.001, 0, 1.001, 1, 0, 0, 0, 1);
  const doubled = { count: 1, inputs: 2, outputs: 1, xx, xy: Float64Array.of(1, 1, 0), yy: Float64Array.of(1) };
  const rough = solveRidge(doubled, 1e-5);
  expect(rough.steady).toBe(false);
  expect([...rough.coefficients.values].every(Number.isFinite)).toBe(true);
  expect(solveRidge(doubled, 1e-1).steady).toBe(true);
});

/** x -> relu(x) -> out. */
function rectifier(): Network {
  const builder = new NetworkBuilder([1], RandomStream.fromSeed(1));
  builder.layer('activation', { function: 'relu' });
  builder.layer('dense', { units: 1 });
  return builder.build();
}

const network = rectifier();
const regression = {
  node: 'dense',
  from: { network: 0, node: 'input' },
  to: { network: 1, node: 'activation' },
} as const;

function fit(samples: FitSamples, options = {}): Promise<FittedStitch[]> {
  return fitStitches(referenceEngine, [network, network], [regression], samples, options);
}

test('the R^2 is that of samples held out, the coefficients are those of all', async () => {
  // relu is the identity for the four samples in five that are used, and zero for those held out.
  const data = Float32Array.from({ length: 100 }, (_, at) => (at % 5 === 4 ? -1 : 1) * (1 + (at % 7)));
  const [found] = await fit({ data, count: 100 });
  expect(found!.r2).toBe(0);
  const slope = found!.coefficients.values[0]!;
  expect(slope).toBeGreaterThan(0.3);
  expect(slope).toBeLessThan(0.9);
});

test('every sample counts, in batches of any size', async () => {
  const rng = RandomStream.fromSeed(4);
  const data = Float32Array.from({ length: 23 }, () => rng.normal());
  const [whole] = await fit({ data, count: 23 }, { batchSize: 23 });
  for (const batchSize of [1, 4, 18, 100]) {
    const [found] = await fit({ data, count: 23 }, { batchSize });
    expect(found!.r2).toBeCloseTo(whole!.r2, 9);
    expect(found!.coefficients.values[0]).toBeCloseTo(whole!.coefficients.values[0]!, 9);
    expect(found!.coefficients.values[1]).toBeCloseTo(whole!.coefficients.values[1]!, 9);
  }
});

test('a ridge that drowns in rounding is not chosen, however small its error seems', () => {
  // Two features equal but for an error in their product, which the smallest ridge takes for a difference to use.
  const xx = Float64Array.of(1, 1.001, 0, 1.001, 1, 0, 0, 0, 1);
  const used = { count: 1, inputs: 2, outputs: 1, xx, xy: Float64Array.of(1, 1, 0), yy: Float64Array.of(1) };
  const zeros = { from: new Float32Array(2), to: new Float32Array(1) };
  expect(fitWithBestRidge(used, used, [1e-7, 1e-2, 1e-1], zeros).ridge).toBe(1e-2);
  expect(fitWithBestRidge(used, used, [1e-7, 1e-6], zeros).ridge).toBe(1e-6);
});

test('the ridge is that of least error on the samples held out', () => {
  // x = -1, 1: a slope of 2 in the samples that are fitted, and of 1 in the others, where a ridge of 1 halves it.
  const used = {
    ...line,
    count: 2,
    xx: Float64Array.of(2, 0, 0, 2),
    xy: Float64Array.of(4, 0),
    yy: Float64Array.of(8),
  };
  const heldOut = { ...used, xy: Float64Array.of(2, 0), yy: Float64Array.of(2) };
  const zeros = { from: new Float32Array(1), to: new Float32Array(1) };
  const { ridge, r2 } = fitWithBestRidge(used, heldOut, [1e-7, 1, 3], zeros);
  expect([ridge, r2]).toEqual([1, 1]);
});

test('the onnx engine keeps its digits where features lie far from zero', async () => {
  const rng = RandomStream.fromSeed(3);
  const data = Float32Array.from({ length: 200 }, () => 1000 + rng.normal());
  const [found] = await fitStitches(onnxEngine(), [network, network], [regression], { data, count: 200 });
  expect(found!.r2).toBeGreaterThan(0.99999);
  expect(found!.coefficients.values[0]).toBeCloseTo(1, 4);
});

test('wrong samples, ridges and stitches are refused', async () => {
  const data = Float32Array.of(1, 2, 3);
  await expect(fit({ data, count: 1 })).rejects.toThrow('Expected at least 2 samples, got 1');
  await expect(fit({ data, count: 2 })).rejects.toThrow('Expected 2 samples of 1 values, got 3');
  await expect(fit({ data, count: 3 }, { ridges: [0] })).rejects.toThrow(
    'Expected one or more ridges above 0, got [0]',
  );
  await expect(fit({ data: Float32Array.of(1, NaN, 2), count: 3 })).rejects.toThrow('Expected finite features');
  const [found] = await fit({ data, count: 3 });
  expect(() => applyFits({ network, state: { moments: {} } }, [{ ...found!, node: 'other' }])).toThrow(
    'Expected a stitch of this child, got "other"',
  );
});
