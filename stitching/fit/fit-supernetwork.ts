// Fits all stitches of a supernetwork at once.
import type { Engine } from '../../src/engine/engine.ts';
import type { Supernetwork } from '../supernetwork.ts';
import { regressionOf, withCoefficients } from './fit-plan.ts';
import type { FitSamples } from './fit-samples.ts';
import { fitStitches, type FitOptions, type FittedStitch } from './fit-stitches.ts';

/** The supernetwork with every stitch fitted, in one pass over the samples. Throws as `fitStitches` does. */
export async function fitSupernetwork(
  engine: Engine,
  supernetwork: Supernetwork,
  samples: FitSamples,
  options: FitOptions = {},
): Promise<Supernetwork> {
  const [a, b] = supernetwork.parents;
  const regressions = supernetwork.stitches.map(regressionOf);
  const fitted = await fitStitches(engine, [a.network, b.network], regressions, samples, options);
  return withFits(supernetwork, fitted);
}

/** The supernetwork with these stitches fitted; children decoded from it have them. Throws as `applyFits` does. */
export function withFits(supernetwork: Supernetwork, fitted: readonly FittedStitch[]): Supernetwork {
  const fits = new Map(fitted.map((fit) => [fit.node, fit]));
  const { nodes } = withCoefficients(supernetwork, fitted);
  const stitches = supernetwork.stitches.map((stitch) => {
    const fit = fits.get(stitch.id);
    return fit ? { ...stitch, quality: { r2: fit.r2, ridge: fit.ridge } } : stitch;
  });
  return { ...supernetwork, nodes, stitches };
}
