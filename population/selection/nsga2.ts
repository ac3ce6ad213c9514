// NSGA-II: parents by binary tournament, survivors by rank and crowding.
import { binaryTournament, rankAndCrowd, survive } from '../../src/pareto/nsga2.ts';
import type { Scored, Selection } from './selection.ts';

const vectors = (scored: readonly Scored[]): Scored['objectives'][] => scored.map(({ objectives }) => objectives);
const violations = (scored: readonly Scored[]): number[] => scored.map(({ violation }) => violation);

/** Source: Deb et al. 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II", sections III and VI. */
export const nsga2: Selection = {
  name: 'nsga2',
  proposals: 1,
  parents(population) {
    const ranking = rankAndCrowd(vectors(population), violations(population));
    return (rng) => binaryTournament(ranking, rng);
  },
  accept: (_population, children) => [...children.keys()],
  survivors: (pool, count) => survive(vectors(pool), count, violations(pool)),
};
