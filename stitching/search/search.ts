// One interface for all ways to search a supernetwork: genotypes in, objectives out, a budget of true evaluations.
import type { RandomStream } from '../../src/random/stream.ts';
import type { Supernetwork } from '../supernetwork.ts';
import { enumerateCrossings } from './enumerate-crossings.ts';
import { gomea } from './gomea.ts';
import { Ledger, type EvaluateGenotypes, type SearchResult } from './ledger.ts';
import { nsga2 } from './nsga2.ts';
import { randomSearch } from './random-search.ts';

/** Asks a ledger for children until it is finished, or until there is nothing left to ask. */
export type SearchAlgorithm = (
  supernetwork: Supernetwork,
  ledger: Ledger,
  settings: { readonly populationSize: number; readonly rng: RandomStream },
) => Promise<void>;

export const searchAlgorithms = { crossings: enumerateCrossings, nsga2, gomea, random: randomSearch } as const;
export type SearchAlgorithmName = keyof typeof searchAlgorithms;

export interface SearchOptions {
  /** Children that are evaluated at most; a child that was evaluated before is free. */
  readonly budget: number;
  readonly rng: RandomStream;
  /** Individuals of a population, or genotypes that are evaluated together (default: 32). */
  readonly populationSize?: number;
}

/**
 * Searches the children of a supernetwork. Equal arguments and objectives give an equal result: all draws come from
 * `rng`.
 *
 * - `crossings`: the parents, their average, then the children of one and two stitches, cheapest first.
 * - `nsga2`: Deb et al. 2002, with uniform crossover and mutation.
 * - `gomea`: gene-pool optimal mixing along a linkage tree, each individual after its own trade-off.
 * - `random`: genotypes of few stitches; the baseline.
 */
export async function searchSupernetwork(
  supernetwork: Supernetwork,
  algorithm: SearchAlgorithmName,
  evaluate: EvaluateGenotypes,
  { budget, rng, populationSize = 32 }: SearchOptions,
): Promise<SearchResult> {
  const ledger = new Ledger(supernetwork, evaluate, budget);
  await searchAlgorithms[algorithm](supernetwork, ledger, { populationSize, rng });
  return ledger.result();
}
