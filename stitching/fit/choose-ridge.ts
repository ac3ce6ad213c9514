// Chooses how strongly a fit is held back, by its error on samples that it has not seen.
import type { NormalEquations } from '../../src/engine/engine.ts';
import type { Coefficients } from '../stitch-types/coefficients.ts';
import type { StitchQuality } from '../stitch.ts';
import type { Offsets } from './centre.ts';
import { solveRidge, solveStandardised, standardised } from './ridge.ts';
import { addSums, explainedShare, someOutputs, squaredError } from './sums.ts';

/** One ridge serves all channels of a stitch, and this many of them are enough to choose it. */
const judgingChannels = 64;

/**
 * The coefficients on all sums with the ridge that, fitted on `used`, has the least error on `heldOut`; and the share of
 * the variance that it explains there. `offsets` is what was subtracted from features and targets.
 */
export function fitWithBestRidge(
  used: NormalEquations,
  heldOut: NormalEquations,
  ridges: readonly number[],
  { from, to }: Offsets,
): StitchQuality & { coefficients: Coefficients } {
  const judged = someOutputs(used, judgingChannels);
  const { ridge, coefficients } = bestRidge(judged, someOutputs(heldOut, judgingChannels), ridges, from);
  const held = judged === used ? coefficients : solveRidge(used, ridge, from).coefficients;
  return {
    r2: explainedShare(heldOut, held, to),
    ridge,
    coefficients: solveRidge(addSums(used, heldOut), ridge, from).coefficients,
  };
}

/** Ridges that drown in the rounding of the sums don't take part, unless all do: then the largest is best. */
function bestRidge(
  used: NormalEquations,
  heldOut: NormalEquations,
  ridges: readonly number[],
  offset: ArrayLike<number>,
): { readonly ridge: number; readonly coefficients: Coefficients } {
  const standard = standardised(used, offset);
  let best: { ridge: number; coefficients: Coefficients; error: number } | undefined;
  for (const ridge of ridges) {
    const { coefficients, steady } = solveStandardised(standard, ridge);
    const error = steady ? squaredError(heldOut, coefficients) : Infinity;
    if (error < (best?.error ?? Infinity)) best = { ridge, coefficients, error };
  }
  if (best) return best;
  const ridge = Math.max(...ridges);
  return { ridge, coefficients: solveStandardised(standard, ridge).coefficients };
}
