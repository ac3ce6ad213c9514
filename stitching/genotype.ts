// A setting of a supernetwork's switches and of its output: what a search varies.
import { expected } from '../src/errors.ts';
import type { Supernetwork } from './supernetwork.ts';

/** Where a child's answer comes from: parent a's last layer, parent b's, or the mean of both. */
export type OutputChoice = 'a' | 'b' | 'average';

/** One child in a supernetwork: how all switches are set, and which output counts. */
export interface Genotype {
  /** In the order of the supernetwork's stitches: whether the stitch stands in for the tensor. */
  readonly switches: readonly boolean[];
  readonly output: OutputChoice;
}

/** All switches off: with `a` and `b` the parents themselves, with `average` their ensemble. */
export function parentGenotype(supernetwork: Supernetwork, output: OutputChoice): Genotype {
  return { switches: supernetwork.stitches.map(() => false), output };
}

/** The genotype in which exactly the stitches at these positions are on. */
export function genotypeWith(supernetwork: Supernetwork, on: readonly number[], output: OutputChoice): Genotype {
  return { switches: supernetwork.stitches.map((_, index) => on.includes(index)), output };
}

/** The genotype as text: equal exactly for equal genotypes of one supernetwork. */
export function genotypeKey({ switches, output }: Genotype): string {
  return `${switches.map((on) => (on ? '1' : '0')).join('')}|${output}`;
}

/** Throws `bad-argument` unless the genotype has one switch for each stitch. */
export function requireFitting({ stitches }: Supernetwork, { switches }: Genotype): void {
  if (switches.length !== stitches.length) {
    throw expected('bad-argument', `a genotype of ${stitches.length} switches`, switches.length);
  }
}
