// Genotypes as rows of small numbers, which search algorithms recombine: a 0 or 1 for each switch, then the output.
import type { RandomStream } from '../../src/random/stream.ts';
import type { Genotype, OutputChoice } from '../genotype.ts';
import type { Supernetwork } from '../supernetwork.ts';

/** One value for each variable. */
export type Row = readonly number[];

const outputs: readonly OutputChoice[] = ['a', 'b', 'average'];

export function toRow({ switches, output }: Genotype): Row {
  return [...switches.map(Number), outputs.indexOf(output)];
}

export function fromRow(row: Row): Genotype {
  return { switches: row.slice(0, -1).map((value) => value === 1), output: outputs[row.at(-1)!]! };
}

/** How many values the variable at this place of a row can take. */
export function arityAt(row: Row, at: number): number {
  return at === row.length - 1 ? outputs.length : 2;
}

/**
 * A random genotype with two switches on in the mean: children of few stitches are the good ones. The output is any of
 * the three.
 */
export function sparseRow({ stitches }: Supernetwork, rng: RandomStream): Row {
  const share = Math.min(0.5, 2 / stitches.length);
  return [...stitches.map(() => (rng.float() < share ? 1 : 0)), rng.int(outputs.length)];
}
