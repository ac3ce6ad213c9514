// What stitching offers: two trained parents, their supernetwork, and the children in it.
export { matchGraphs, type Dag, type EligiblePair, type Matching, type MatchOptions } from './matching/match-graphs.ts';
export { eligiblePairs, type EligibilityOptions, type MatchingTask } from './eligible-pairs.ts';
export { type Coefficients } from './stitch-types/coefficients.ts';
export { type StitchType } from './stitch-types/stitch-type.ts';
export { stitchType, stitchTypeFor, stitchTypes } from './stitch-types/registry.ts';
export { type ParentNode, type Stitch, type StitchQuality } from './stitch.ts';
export { buildSupernetwork, type Supernetwork, type SupernetworkOptions } from './supernetwork.ts';
export { genotypeKey, genotypeWith, parentGenotype, type Genotype, type OutputChoice } from './genotype.ts';
export { childNetwork, decode } from './decode.ts';
export { activeStitches, activeVariables, canonicalGenotype, type ActiveVariables } from './active-variables.ts';
export { crossings, doubleCrossings, singleCrossings, type Crossing } from './crossings.ts';
export {
  fitStitches,
  type FitOptions,
  type FitSamples,
  type FittedStitch,
  type StitchRegression,
} from './fit/fit-stitches.ts';
export { applyFits, fitPlan, type FitPlan } from './fit/fit-plan.ts';
export { fitSupernetwork, withFits } from './fit/fit-supernetwork.ts';
