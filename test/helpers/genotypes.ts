// Genotypes of a supernetwork for laws: all of them where there are few, a random sample where there are many.
import type { RandomStream } from '../../src/random/stream.ts';
import type { Genotype, OutputChoice } from '../../stitching/genotype.ts';
import type { Supernetwork } from '../../stitching/supernetwork.ts';

export const outputChoices: readonly OutputChoice[] = ['a', 'b', 'average'];

export function randomGenotype({ stitches }: Supernetwork, rng: RandomStream, share = 0.5): Genotype {
  return { switches: stitches.map(() => rng.float() < share), output: rng.pick(outputChoices) };
}

/** Every genotype of up to `matches` matches; of larger supernetworks `sample` random ones, sparse and dense. */
export function someGenotypes(
  supernetwork: Supernetwork,
  rng: RandomStream,
  { matches = 4, sample = 40 }: { matches?: number; sample?: number } = {},
): Genotype[] {
  const { length } = supernetwork.stitches;
  if (length > 2 * matches) {
    return Array.from({ length: sample }, (_, i) => randomGenotype(supernetwork, rng, i % 2 ? 0.5 : 1.5 / length));
  }
  return Array.from({ length: 2 ** length }, (_, bits) =>
    outputChoices.map((output) => ({
      switches: supernetwork.stitches.map((_, index) => Math.floor(bits / 2 ** index) % 2 === 1),
      output,
    })),
  ).flat();
}

/** The same genotype with one switch turned. */
export function flipped(genotype: Genotype, at: number): Genotype {
  return { ...genotype, switches: genotype.switches.map((on, index) => (index === at ? !on : on)) };
}
