// What the values of objectives mean for comparison: distances to the ideal, and how far constraints are broken.
import type { ObjectiveVector } from '../../src/pareto/dominance.ts';
import type { Objective } from './objective.ts';

/** Values of individuals by objective, in the objectives' own terms. */
export type ObjectiveValues = Readonly<Record<string, number>>;

/** Bounds on values by objective. */
export type Constraints = Readonly<Record<string, { readonly min?: number; readonly max?: number }>>;

type Direction = Pick<Objective, 'name' | 'goal' | 'ideal'>;

/** How far each value is from its ideal: what selection, archive and hypervolume make small. */
export function distances(objectives: readonly Direction[], values: ObjectiveValues): ObjectiveVector {
  return objectives.map(({ name, goal, ideal }) =>
    goal === 'minimise' ? values[name]! - ideal : ideal - values[name]!,
  );
}

/** The value that is so far from the ideal. */
export function valueAt({ goal, ideal }: Direction, distance: number): number {
  return goal === 'minimise' ? ideal + distance : ideal - distance;
}

/**
 * 0 for what keeps all constraints; else the sum of what is missing at each, as a share of its bound (of 1, where that is
 * 0). Source: constraint handling of Deb et al. 2002 (NSGA-II), section VI, with violations normalised.
 */
export function violation(constraints: Constraints, values: ObjectiveValues): number {
  return Object.entries(constraints).reduce((sum, [name, { min = -Infinity, max = Infinity }]) => {
    const value = values[name]!;
    const bound = value > max ? max : min;
    const missing = Math.max(value - max, min - value, 0);
    return sum + (missing === 0 ? 0 : missing / (bound === 0 ? 1 : Math.abs(bound)));
  }, 0);
}
