// NSGA-II over genotypes.
import { binaryTournament, rankAndCrowd, survive } from '../../src/pareto/nsga2.ts';
import type { RandomStream } from '../../src/random/stream.ts';
import type { EvaluatedGenotype } from './ledger.ts';
import type { SearchAlgorithm } from './search.ts';
import { arityAt, fromRow, sparseRow, toRow, type Row } from './variables.ts';

const isKnown = (child: EvaluatedGenotype | undefined): child is EvaluatedGenotype => child !== undefined;

/**
 * Deb et al. 2002: parents by binary tournament, uniform crossover, every variable drawn anew with probability 1 over
 * their number; survivors by rank and crowding. A child is kept once, in canonical form.
 */
export const nsga2: SearchAlgorithm = async (supernetwork, ledger, { populationSize, rng }) => {
  const first = Array.from({ length: populationSize }, () => fromRow(sparseRow(supernetwork, rng)));
  let population = [...new Set((await ledger.ask(first)).filter(isKnown))];
  while (!ledger.finished) {
    const ranking = rankAndCrowd(population.map(({ objectives }) => objectives));
    const parent = (): Row => toRow(population[binaryTournament(ranking, rng)]!.genotype);
    const children = Array.from({ length: populationSize }, () => fromRow(recombined(parent(), parent(), rng)));
    // The ledger has one object for each child: what is there already does not enter twice.
    const pool = [...new Set([...population, ...(await ledger.ask(children)).filter(isKnown)])];
    const kept = survive(
      pool.map(({ objectives }) => objectives),
      populationSize,
    );
    population = kept.map((index) => pool[index]!);
  }
};

function recombined(one: Row, other: Row, rng: RandomStream): Row {
  return one.map((value, at) => {
    if (rng.float() < 1 / one.length) return rng.int(arityAt(one, at));
    return rng.float() < 0.5 ? value : other[at]!;
  });
}
