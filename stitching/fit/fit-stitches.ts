// Fits stitches in closed form: one pass over samples through the intact parents, then a small system for each.
import { expected } from '../../src/errors.ts';
import type { Batch, Engine } from '../../src/engine/engine.ts';
import type { Network } from '../../src/network/network.ts';
import type { Coefficients } from '../stitch-types/coefficients.ts';
import type { Regression, StitchQuality } from '../stitch.ts';
import { accumulate, batchesOf } from './accumulate.ts';
import { alignRegressions } from './align.ts';
import { centreRegressions, uncentred } from './centre.ts';
import { fitWithBestRidge } from './choose-ridge.ts';
import { requireSamples, type FitSamples } from './fit-samples.ts';

/** What one stitch has to learn, and where that goes. Plain data. */
export interface StitchRegression extends Regression {
  /** Id of the node that takes the coefficients. */
  readonly node: string;
}

/** A stitch's coefficients, and how good they are. */
export interface FittedStitch extends StitchQuality {
  readonly node: string;
  readonly coefficients: Coefficients;
}

export interface FitOptions {
  /** Samples a batch, by default 64. */
  readonly batchSize?: number;
  /** The ridges to choose from, as multiples of the features' variance; all above 0. */
  readonly ridges?: readonly number[];
}

/** One sample in five does not take part in the choice of coefficients, but in that of the ridge. */
const heldOutEvery = 5;
/** Samples whose means say about where the features lie. */
const firstLook = 16;
const defaultRidges = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1];

/**
 * Fits every stitch on the features of the networks in eval mode, in one pass over the samples. The ridge of each is the
 * one with the smallest error on held-out samples, whose R^2 is reported; the coefficients are then those for all
 * samples. Memory grows with the squares of the features, not with the samples.
 *
 * Throws `bad-argument` for fewer than two samples, data of another length, or ridges not above 0; `evaluation-failed`
 * where a feature is NaN or infinite.
 *
 * Source: least-squares stitches as in Pan et al. 2023, "Stitchable Neural Networks", here with a ridge.
 */
export async function fitStitches(
  engine: Engine,
  networks: readonly [Network, Network],
  regressions: readonly StitchRegression[],
  samples: FitSamples,
  { batchSize = 64, ridges = defaultRidges }: FitOptions = {},
): Promise<FittedStitch[]> {
  const size = requireSamples(networks[0], samples);
  if (ridges.length === 0 || !ridges.every((ridge) => ridge > 0)) {
    throw expected('bad-argument', 'one or more ridges above 0', ridges, 'ridges');
  }
  if (regressions.length === 0) return [];
  const every = Math.min(heldOutEvery, samples.count);
  const indices = Array.from({ length: samples.count }, (_, index) => index);
  const batches = (chosen: readonly number[]): Iterable<Batch> => batchesOf(samples.data, size, chosen, batchSize);
  const aligned = alignRegressions(networks, regressions);
  const [first] = await accumulate(engine, aligned.networks, aligned.pairs, [batches(indices.slice(0, firstLook))]);
  const centred = centreRegressions(aligned.networks, aligned.pairs, first!);
  const [used, heldOut] = await accumulate(engine, centred.networks, centred.pairs, [
    batches(indices.filter((index) => index % every !== every - 1)),
    batches(indices.filter((index) => index % every === every - 1)),
  ]);
  return regressions.map(({ node }, i) => {
    const offsets = centred.offsets[i]!;
    const fit = fitWithBestRidge(used![i]!, heldOut![i]!, ridges, offsets);
    return { node, ...fit, coefficients: uncentred(fit.coefficients, offsets) };
  });
}
