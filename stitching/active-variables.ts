// Which variables of a genotype its child depends on.
import { resolveSwitches, stitchNodes } from './decode.ts';
import type { Genotype } from './genotype.ts';
import type { Supernetwork } from './supernetwork.ts';

/** For each variable whether changing it, and nothing else, gives another child. */
export interface ActiveVariables {
  readonly switches: readonly boolean[];
  /** Always: the outputs of the parents and their mean are three different nodes. */
  readonly output: true;
}

/** A switch matters exactly if a layer of the child reads the tensor behind it. */
export function activeVariables(supernetwork: Supernetwork, genotype: Genotype): ActiveVariables {
  const present = new Set(resolveSwitches(supernetwork, genotype).nodes.map((node) => node.id));
  const stitched = stitchNodes(supernetwork);
  const read = new Set(
    supernetwork.nodes.filter(({ id }) => present.has(id) && !stitched.has(id)).flatMap(({ inputs }) => inputs),
  );
  return { switches: supernetwork.stitches.map(({ replaces }) => read.has(replaces)), output: true };
}

/** The same child with every switch that does not matter off: equal exactly for genotypes of equal children. */
export function canonicalGenotype(supernetwork: Supernetwork, genotype: Genotype): Genotype {
  const active = activeVariables(supernetwork, genotype);
  return { ...genotype, switches: genotype.switches.map((on, index) => on && active.switches[index]!) };
}

/** Ids of the stitches that the child contains. */
export function activeStitches(supernetwork: Supernetwork, genotype: Genotype): string[] {
  const { switches } = canonicalGenotype(supernetwork, genotype);
  return supernetwork.stitches.filter((_, index) => switches[index]).map(({ id }) => id);
}
