// Laws of the closed-form fit: it finds what is linear, is as good as least squares, and is never thrown by its data.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onnxEngine } from '../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import type { Engine, NormalEquations } from '../../src/engine/engine.ts';
import { networkHash } from '../../src/network/hash.ts';
import { NetworkBuilder } from '../../src/network/network-builder.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { singleCrossings } from '../../stitching/crossings.ts';
import { decode } from '../../stitching/decode.ts';
import { alignRegressions } from '../../stitching/fit/align.ts';
import { applyFits, fitPlan, regressionOf } from '../../stitching/fit/fit-plan.ts';
import { fitStitches } from '../../stitching/fit/fit-stitches.ts';
import { fitSupernetwork } from '../../stitching/fit/fit-supernetwork.ts';
import { solveRidge } from '../../stitching/fit/ridge.ts';
import { explainedShare, squaredError } from '../../stitching/fit/sums.ts';
import { buildSupernetwork } from '../../stitching/supernetwork.ts';
import { expectClose } from '../helpers/compare.ts';
import { randomGenotype } from '../helpers/genotypes.ts';
import { leastSquaresError, predictionError, rowsOf, variation, type Rows } from '../helpers/least-squares.ts';
import { typeLists } from '../helpers/own-stitch-types.ts';
import { randomInput } from '../helpers/random-network.ts';
import { randomPairs } from '../helpers/random-pair.ts';

const engine = onnxEngine();

/** The sums of a regression, taken directly from the rows. */
function sumsOf(x: Rows, y: Rows): NormalEquations {
  const [inputs, outputs] = [x.channels, y.channels];
  const xx = new Float64Array((inputs + 1) ** 2);
  const xy = new Float64Array((inputs + 1) * outputs);
  const yy = new Float64Array(outputs);
  x.data.forEach((row, at) => {
    const wide = [...row, 1];
    wide.forEach((one, i) => {
      wide.forEach((other, j) => (xx[i * (inputs + 1) + j]! += one * other));
      y.data[at]!.forEach((target, k) => (xy[i * outputs + k]! += one * target));
    });
    y.data[at]!.forEach((target, k) => (yy[k]! += target ** 2));
  });
  return { count: x.data.length, inputs, outputs, xx, xy, yy };
}

test('an exact linear relation is recovered, whatever the scale of the features and where they lie', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.nat(10_000),
        shape: fc.constantFrom<readonly number[]>([5], [3, 4, 3]),
        outputs: fc.integer({ min: 1, max: 6 }),
        offset: fc.constantFrom(0, 0, 100),
        chosen: fc.constantFrom<Engine>(engine, referenceEngine),
      }),
      async ({ seed, shape, outputs, offset, chosen }) => {
        const rng = RandomStream.fromSeed(seed);
        const builder = new NetworkBuilder(shape, rng);
        const id =
          shape.length === 1
            ? builder.layer('dense', { units: outputs })
            : builder.layer('conv2d', { channels: outputs, kernel: 1 });
        const network = builder.build();
        const { params } = network.nodes.at(-1)!;
        const bias = params.bias!.data.fill(rng.normal());
        const count = 150;
        const plane = shape.slice(1).reduce((all, side) => all * side, 1);
        // Far from zero, float32 has no digits left for features of different sizes.
        const scaleOf = (at: number): number =>
          offset === 0 ? 10 ** (((Math.floor(at / plane) % shape[0]!) % 3) - 1) : 1;
        const data = randomInput(network, count, seed).map((value, at) => scaleOf(at) * (value + offset));
        const regression = {
          node: id,
          from: { network: 0, node: 'input' },
          to: { network: 1, node: id },
        } as const;
        const fits = await fitStitches(chosen, [network, network], [regression], { data, count }, { batchSize: 37 });
        const fitted = applyFits({ network, state: { moments: {} } }, fits).network.nodes.at(-1)!.params;
        expect(fitted.weight!.shape).toEqual(params.weight!.shape);
        expectClose(fitted.weight!.data, params.weight!.data, 1e-4, 'weight');
        expectClose(fitted.bias!.data, bias, 1e-4, 'bias', Math.max(1, offset));
        expect(fits[0]!.r2).toBeGreaterThan(0.99999);
      },
    ),
    { numRuns: 60 },
  );
});

test('stitches between twins are identities: every child equals the parent', async () => {
  const count = 300;
  await fc.assert(
    fc.asyncProperty(randomPairs({ maxSteps: 6, kinships: ['twins'] }), async ({ a, b, seed }) => {
      const shapes = [...layersOf(a.network).values()].map(({ output }) => output);
      fc.pre(shapes.every((shape) => shape.length === 3 || shape[0]! < 60));
      const data = randomInput(a.network, count, seed);
      const size = data.length / count;
      // A relu that is alive in held-out samples alone cannot be learnt: every fifth is one that is also fitted on.
      for (let at = 4; at < count; at += 5) data.copyWithin(at * size, (at - 1) * size, at * size);
      const supernetwork = await fitSupernetwork(engine, buildSupernetwork(a, b, { stitchEqualNodes: true }), {
        data,
        count,
      });
      for (const { id, quality } of supernetwork.stitches) expect(quality!.r2, id).toBeGreaterThan(0.999);
      const wanted = (
        await (await referenceEngine.compile([a.network])).forward({ size: 5, data: data.slice(0, data.length / 60) })
      )[0]!;
      for (const { genotype } of singleCrossings(supernetwork)) {
        const program = await referenceEngine.compile([decode(supernetwork, genotype).network]);
        const [actual] = await program.forward({ size: 5, data: data.slice(0, data.length / 60) });
        expectClose(actual!, wanted, 1e-3, 'child');
      }
    }),
    { numRuns: 25 },
  );
});

test('the fit is as good as least squares on the data, and no worse than the mean', async () => {
  const count = 30;
  await fc.assert(
    fc.asyncProperty(
      randomPairs({ maxMacs: 10_000, kinships: ['strangers', 'siblings', 'relatives'] }),
      typeLists,
      async ({ a, b, seed }, types) => {
        const { stitches } = buildSupernetwork(a, b, { maxFeatures: 30, types });
        fc.pre(stitches.length > 0);
        const data = randomInput(a.network, count, seed);
        const networks = [a.network, b.network] as const;
        const fits = await fitStitches(
          referenceEngine,
          networks,
          stitches.map(regressionOf),
          { data, count },
          { ridges: [1e-12] },
        );
        const aligned = alignRegressions(networks, stitches);
        const program = await referenceEngine.compile(aligned.networks);
        for (const [index, { from, to }] of aligned.pairs.entries()) {
          const values = await program.forward({ size: count, data }, [from, to]);
          const [x, y] = [from, to].map(({ network, node }, i) =>
            rowsOf(values[i]!, count, layersOf(aligned.networks[network]).get(node)!.output[0]!),
          );
          const error = predictionError(x!, y!, fits[index]!.coefficients.values);
          const all = variation(y!);
          const size = y!.data.reduce((sum, row) => sum + row.reduce((own, value) => own + value ** 2, 0), 0);
          expect(error).toBeLessThanOrEqual(1.01 * leastSquaresError(x!, y!) + 1e-6 * size);
          expect(error).toBeLessThanOrEqual(all + 1e-9 * size);
        }
      },
    ),
    { numRuns: 30 },
  );
});

/** Rows with channels that are constant, zero, copies of others, or of very different size. */
const awkwardRows = fc
  .record({
    seed: fc.nat(10_000),
    positions: fc.integer({ min: 2, max: 30 }),
    kinds: fc.array(fc.constantFrom('free', 'zero', 'constant', 'copy', 'tiny', 'huge', 'shifted'), {
      minLength: 1,
      maxLength: 8,
    }),
  })
  .map(({ seed, positions, kinds }): Rows => {
    const rng = RandomStream.fromSeed(seed);
    const data = Array.from({ length: positions }, () => {
      const first = rng.normal();
      const values = { free: 0, zero: 0, constant: 3.7, copy: first, tiny: 0, huge: 0, shifted: 0 };
      return Float64Array.from(kinds, (kind) => {
        const own = {
          ...values,
          free: rng.normal(),
          tiny: 1e-6 * rng.normal(),
          huge: 1e6 * rng.normal(),
          shifted: 100 + rng.normal(),
        };
        return own[kind];
      });
    });
    return { channels: kinds.length, data };
  });

test('constant, dependent and too few features give finite coefficients and honest errors', () => {
  const ridges = fc.constantFrom(1e-8, 1e-4, 1e-1);
  fc.assert(
    fc.property(awkwardRows, awkwardRows, ridges, (x, other, ridge) => {
      const y = { ...other, data: x.data.map((_, at) => other.data[at % other.data.length]!) };
      const sums = sumsOf(x, y);
      const rounded = { ...sums, xx: sums.xx.map(Math.fround), xy: sums.xy.map(Math.fround) };
      expect(solveRidge(rounded, ridge).coefficients.values.every(Number.isFinite)).toBe(true);
      const { coefficients, steady } = solveRidge(sums, ridge);
      // In float64 only the smallest ridge can drown, where features lie far from zero.
      if (ridge > 1e-8) expect(steady).toBe(true);
      expect(coefficients.values.every(Number.isFinite)).toBe(true);
      const error = predictionError(x, y, coefficients.values);
      const size = y.data.reduce((sum, row) => sum + row.reduce((own, value) => own + value ** 2, 0), 0);
      const all = variation(y);
      expect(error).toBeLessThanOrEqual(all + 1e-6 * size);
      expect(Math.abs(squaredError(sums, coefficients) - error)).toBeLessThanOrEqual(1e-6 * size);
      if (all <= 1e-3 * size) return;
      expect(Math.abs(explainedShare(sums, coefficients) - (1 - error / all))).toBeLessThan(1e-2);
    }),
    { numRuns: 300 },
  );
});

test('the sums of the onnx engine are those of the reference', async () => {
  const count = 6;
  await fc.assert(
    fc.asyncProperty(randomPairs(), typeLists, async ({ a, b, seed }, types) => {
      const { stitches } = buildSupernetwork(a, b, { maxFeatures: 80, types });
      fc.pre(stitches.length > 0);
      const batch = { size: count, data: randomInput(a.network, count, seed) };
      const [actual, wanted] = await Promise.all(
        [engine, referenceEngine].map(async (one) => {
          const { networks, pairs } = alignRegressions([a.network, b.network], stitches);
          const program = await one.compile(networks);
          const sums = await program.normalEquations(batch, pairs);
          await program.dispose();
          return sums;
        }),
      );
      wanted!.forEach((sums, index) => {
        const own = actual![index]!;
        expect([own.count, own.inputs, own.outputs]).toEqual([sums.count, sums.inputs, sums.outputs]);
        for (const name of ['xx', 'xy', 'yy'] as const) expectClose(own[name], sums[name], 1e-4, name);
      });
    }),
    { numRuns: 40 },
  );
});

test('a worker that fits one child gets what the fitted supernetwork gives', async () => {
  // On the reference: onnxruntime fuses layers by what else is asked of them, which moves the last digit.
  const count = 23;
  await fc.assert(
    fc.asyncProperty(randomPairs({ maxSteps: 5, maxMacs: 10_000 }), typeLists, async ({ a, b, seed }, types) => {
      const before = structuredClone([a, b]);
      const supernetwork = buildSupernetwork(a, b, { maxFeatures: 80, types });
      const samples = { data: randomInput(a.network, count, seed), count };
      const fitted = await fitSupernetwork(referenceEngine, supernetwork, samples);
      for (const { quality } of fitted.stitches) expect(quality!.r2).toBeLessThanOrEqual(1);
      const genotype = randomGenotype(supernetwork, RandomStream.fromSeed(seed), 0.4);
      // All that a worker gets: nothing of the stitch types, which may not even be ours.
      const { child, fits } = structuredClone(fitPlan(supernetwork, genotype));
      expect(JSON.parse(JSON.stringify(fits))).toEqual(fits);
      const results = await fitStitches(referenceEngine, [a.network, b.network], fits, samples);
      expect(networkHash(applyFits(child, results).network)).toBe(networkHash(decode(fitted, genotype).network));
      expect(fitPlan(fitted, genotype).fits).toEqual([]);
      expect([a, b]).toEqual(before);
    }),
    { numRuns: 25 },
  );
});
