// LEMONADE: parents and children where the population is thin in the objectives that cost nothing to know.
import { rankAndCrowd, survive } from '../../src/pareto/nsga2.ts';
import type { ObjectiveVector } from '../../src/pareto/dominance.ts';
import type { RandomStream } from '../../src/random/stream.ts';
import { logDensity } from './density.ts';
import type { Scored, Selection } from './selection.ts';

/**
 * Parents are drawn in inverse proportion to the density of the population over the cheap objectives, and so are the
 * children to evaluate, of which five times as many are made; what survives is the non-dominated set, thinned by
 * crowding where it is too large (the paper lets it grow).
 *
 * Source: Elsken, Metzen & Hutter 2019, "Efficient multi-objective neural architecture search via Lamarckian evolution",
 * section 4 and algorithm 1. Bandwidth by Scott's rule on standardised values, which the paper leaves open.
 */
export const lemonade: Selection = {
  name: 'lemonade',
  proposals: 5,

  parents(population) {
    const cheap = sound(population).map(({ score }) => score.cheap);
    const at = sound(population).map(({ index }) => index);
    const thin = rarity(cheap, cheap);
    return (rng) => at[draw(thin, rng)]!;
  },

  accept(population, children, count, rng) {
    const thin = rarity(
      children,
      sound(population).map(({ score }) => score.cheap),
    );
    const left = [...children.keys()];
    const accepted: number[] = [];
    while (accepted.length < count && left.length > 0) {
      const place = draw(
        left.map((child) => thin[child]!),
        rng,
      );
      accepted.push(...left.splice(place, 1));
    }
    return accepted.sort((a, b) => a - b);
  },

  survivors(pool, count) {
    const vectors = pool.map(({ objectives }) => objectives);
    const violations = pool.map(({ violation }) => violation);
    // Where nothing keeps the constraints there is no front to keep, only a way towards them.
    if (!violations.includes(0)) return survive(vectors, count, violations);
    const standings = rankAndCrowd(vectors, violations);
    const front = [...pool.keys()].filter((index) => standings[index]!.rank === 0 && !standings[index]!.copy);
    return survive(
      front.map((index) => vectors[index]!),
      count,
    ).map((place) => front[place]!);
  },
};

/** Those whose evaluation did not fail; all, where all did. */
function sound(population: readonly Scored[]): { readonly score: Scored; readonly index: number }[] {
  const all = population.map((score, index) => ({ score, index }));
  const some = all.filter(({ score }) => score.objectives.every(Number.isFinite));
  return some.length > 0 ? some : all;
}

/** Of each point, a weight in inverse proportion to the density of `sample` there; the largest is 1. */
function rarity(points: readonly ObjectiveVector[], sample: readonly ObjectiveVector[]): number[] {
  const logs = logDensity(points, sample);
  const least = Math.min(...logs);
  return logs.map((log) => Math.exp(least - log));
}

/** An index, in proportion to its weight. */
function draw(weights: readonly number[], rng: RandomStream): number {
  let left = rng.float() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => (left -= weight) < 0);
  return found < 0 ? weights.length - 1 : found;
}
