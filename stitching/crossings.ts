// The children with few stitches: from one parent to the other once, or there and back.
import { costOf, type NetworkCost } from '../src/network/cost.ts';
import { canonicalGenotype } from './active-variables.ts';
import { childNetwork } from './decode.ts';
import { genotypeKey, genotypeWith, type Genotype, type OutputChoice } from './genotype.ts';
import type { Supernetwork } from './supernetwork.ts';

/** A child of one or two stitches. */
export interface Crossing {
  readonly genotype: Genotype;
  readonly cost: NetworkCost;
}

/** The front of one parent, one stitch, the back of the other: two for each match, cheapest (in MACs) first. */
export function singleCrossings(supernetwork: Supernetwork): Crossing[] {
  return ranked(supernetwork, 1, (switches) => switches.map((own) => [own]));
}

/** The middle of one parent inside the other, cheapest (in MACs) first: entered by one stitch and left by another. */
export function doubleCrossings(supernetwork: Supernetwork): Crossing[] {
  return ranked(supernetwork, 2, (back, there) => back.flatMap((own) => there.map((other) => [own, other])));
}

/**
 * Genotypes whose switches are all active: one that leaves a switch without effect is a child with fewer stitches, or a
 * parent. `choose` gets the switches on the way to the output, and those in the other parent.
 */
function ranked(
  supernetwork: Supernetwork,
  stitches: number,
  choose: (back: readonly number[], there: readonly number[]) => number[][],
): Crossing[] {
  const ofParent = (network: 0 | 1): number[] =>
    supernetwork.stitches.flatMap(({ to }, index) => (to.network === network ? [index] : []));
  const genotypes = (output: OutputChoice, back: 0 | 1, there: 0 | 1): Genotype[] =>
    choose(ofParent(back), ofParent(there))
      .map((on) => canonicalGenotype(supernetwork, genotypeWith(supernetwork, on, output)))
      .filter(({ switches }) => switches.filter(Boolean).length === stitches);
  return [...genotypes('a', 0, 1), ...genotypes('b', 1, 0)]
    .map((genotype) => ({
      crossing: { genotype, cost: costOf(childNetwork(supernetwork, genotype)) },
      key: genotypeKey(genotype),
    }))
    .sort((one, other) => one.crossing.cost.macs - other.crossing.cost.macs || (one.key < other.key ? -1 : 1))
    .map(({ crossing }) => crossing);
}
