// The contract of a selection: who has children, which children are worth an evaluation, and who survives.
import type { ObjectiveVector } from '../../src/pareto/dominance.ts';
import type { RandomStream } from '../../src/random/stream.ts';

/** What selection knows of an evaluated individual. */
export interface Scored {
  /** Distances to the ideal, all to be made small; infinite for a failed evaluation. */
  readonly objectives: ObjectiveVector;
  /** Of constraints: 0 for what keeps them, infinite for a failed evaluation. */
  readonly violation: number;
  /** The objectives that the network alone decides; MACs where the run has none. */
  readonly cheap: ObjectiveVector;
}

/** A way to select. All draws come from `rng`; equal input gives equal output. */
export interface Selection {
  /** How settings call it. */
  readonly name: string;
  /** Children made for each one that is evaluated, a whole number of 1 or more. */
  readonly proposals: number;
  /** Looks at a population once; each call of what it returns draws the index of a parent. */
  parents(population: readonly Scored[]): (rng: RandomStream) => number;
  /** Of so many children, by their cheap objectives, the indices of the `count` to evaluate. Only for more `proposals` than 1. */
  accept(
    population: readonly Scored[],
    children: readonly ObjectiveVector[],
    count: number,
    rng: RandomStream,
  ): readonly number[];
  /** The indices of those that stay, ascending, `count` at most: individuals of the last generation come before its children. */
  survivors(pool: readonly Scored[], count: number): readonly number[];
}
