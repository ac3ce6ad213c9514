// The objectives and constraints of one run: found by name, measured, and turned into what selection compares.
import { expected } from '../../src/errors.ts';
import { costOf } from '../../src/network/cost.ts';
import type { Network } from '../../src/network/network.ts';
import type { ObjectiveVector } from '../../src/pareto/dominance.ts';
import { freshTrainingState } from '../../src/training/training-state.ts';
import type { EvolutionConfig } from '../config.ts';
import { objectives as builtIn } from './built-in.ts';
import { distances, valueAt, violation, type ObjectiveValues } from './compare.ts';
import type { ObjectiveDescription } from '../run/journal-events.ts';
import { snapshotOf, type Snapshot } from '../snapshot.ts';
import type { Measured, NetworkObjective, Objective } from './objective.ts';

type NamedIn = Pick<EvolutionConfig, 'objectives' | 'constraints'>;

/** Above which validation error a network is dominated, whatever else. */
export interface ErrorToBeat {
  /** Of a network that is no worse in any other objective. */
  readonly above: number;
  /** Of one that is also better in another, so that an equal error is enough; null: there is none. */
  readonly at: number | null;
}

/** All objectives that a run names, to optimise or to bound. */
export class RunObjectives {
  /** Those to optimise, in the settings' order. */
  readonly optimised: readonly Objective[];
  /** These, and the others that constraints bound. */
  readonly all: readonly Objective[];
  readonly #constraints: NamedIn['constraints'];

  /** `own` come from code. Throws `not-found` for a name that no objective has. */
  constructor({ objectives, constraints }: NamedIn, own: readonly Objective[] = []) {
    const known = [...own, ...builtIn];
    const named = (name: string, place: string): Objective => {
      const found = known.find((objective) => objective.name === name);
      if (found) return found;
      const names = known.map((objective) => objective.name);
      throw expected('not-found', `an objective (${names.join(', ')})`, name, place, names);
    };
    this.optimised = objectives.map((name) => named(name, 'objectives'));
    const bounded = Object.keys(constraints).map((name) => named(name, 'constraints'));
    this.all = [...new Set([...this.optimised, ...bounded])];
    this.#constraints = constraints;
  }

  /** Whether evaluation has to measure latency. */
  get timed(): boolean {
    return this.all.some((objective) => objective.of === 'evaluation' && objective.timed);
  }

  descriptions(): ObjectiveDescription[] {
    return this.all.map((objective) => {
      const { name, title, goal, ideal, unit } = objective;
      const reproducible = objective.of === 'network' || !objective.timed;
      return { name, title, goal, ideal, ...(unit !== undefined && { unit }), reproducible };
    });
  }

  /**
   * The values of an evaluated network; of those that are `known`, only what follows from network, error and loss is
   * measured again. Throws `evaluation-failed` for one that is not finite or better than ideal, `bad-argument` where an
   * objective of the caller's writes into what it measures, which is undone, and what such a one throws.
   */
  measure(measured: Measured, known?: ObjectiveValues): ObjectiveValues {
    const valueOf = reader(measured);
    return Object.fromEntries(
      this.all.map((objective) => {
        const { name } = objective;
        if (objective.of === 'network') return [name, valueOf(objective, () => objective.measure(measured.network))];
        const follows = builtIn.includes(objective) && !objective.timed;
        return [name, known && !follows ? known[name]! : valueOf(objective, () => objective.measure(measured))];
      }),
    );
  }

  vector(values: ObjectiveValues): ObjectiveVector {
    return distances(this.optimised, values);
  }

  violation(values: ObjectiveValues): number {
    return violation(this.#constraints, values);
  }

  /**
   * What the network alone says: the vector of the cheap objectives, or MACs where there are none. Throws
   * as `measure` does where one of them, if there are no `values`, cannot be measured.
   */
  cheap(network: Network, values?: ObjectiveValues): ObjectiveVector {
    const cheap = this.optimised.filter((objective) => objective.of === 'network');
    if (cheap.length === 0) return [costOf(network).macs];
    return distances(cheap, values ?? valuesOf(cheap, network));
  }

  /** The hypervolume's reference point, given the vectors of the first population. */
  reference(vectors: readonly ObjectiveVector[]): ObjectiveVector {
    return this.optimised.map((objective, axis) => {
      if (objective.reference !== undefined) {
        return distances([objective], { [objective.name]: objective.reference })[0]!;
      }
      const worst = Math.max(0, ...vectors.map((vector) => vector[axis]!));
      // A box without a width has no volume.
      return worst === 0 ? 1 : 2 * worst;
    });
  }

  /** A vector of distances in the objectives' own terms. */
  values(vector: ObjectiveVector): ObjectiveValues {
    return Object.fromEntries(
      this.optimised.map((objective, axis) => [objective.name, valueAt(objective, vector[axis]!)]),
    );
  }

  /**
   * The lowest errors among vectors that are no worse than the network in any objective but the error. Null where there
   * is no such vector, where the network breaks a constraint, and where anything but the error takes an evaluation or
   * cannot be measured.
   */
  errorToBeat(network: Network, vectors: readonly ObjectiveVector[]): ErrorToBeat | null {
    const error = this.optimised.findIndex(({ name }) => name === 'error');
    const others = this.all.filter(({ name }) => name !== 'error');
    const cheap = others.filter((objective) => objective.of === 'network');
    if (vectors.length === 0 || error < 0 || cheap.length < others.length || 'error' in this.#constraints) return null;
    const values = valuesIfAny(cheap, network);
    if (!values || this.violation(values) > 0) return null;
    const own = this.vector({ ...values, error: 0 });
    const rivals = vectors.filter((vector) => vector.every((value, axis) => axis === error || value <= own[axis]!));
    const better = rivals.filter((vector) => vector.some((value, axis) => axis !== error && value < own[axis]!));
    const lowest = (some: readonly ObjectiveVector[]): number | null =>
      some.length === 0 ? null : Math.min(...some.map((vector) => vector[error]!));
    const above = lowest(rivals);
    return above === null ? null : { above, at: lowest(better) };
  }
}

function valuesOf(objectives: readonly NetworkObjective[], network: Network): ObjectiveValues {
  const valueOf = reader({ network });
  return Object.fromEntries(
    objectives.map((objective) => [objective.name, valueOf(objective, () => objective.measure(network))]),
  );
}

function valuesIfAny(objectives: readonly NetworkObjective[], network: Network): ObjectiveValues | undefined {
  try {
    return valuesOf(objectives, network);
  } catch {
    // Told where the network is evaluated.
    return undefined;
  }
}

/** Reads values of one individual, of which this is known; own objectives are watched, built-in ones write nothing. */
function reader(known: Pick<Measured, 'network'>): (objective: Objective, measure: () => number) => number {
  let before: Snapshot | undefined;
  return (objective, measure) => {
    if (builtIn.includes(objective)) return sound(objective, measure());
    before ??= snapshotOf(known, [{ network: known.network, state: freshTrainingState }]);
    return sound(objective, before.unwritten('an individual', objective.name, measure));
  };
}

/** Throws `evaluation-failed` for what is no finite number, or better than ideal. */
function sound({ name, goal, ideal }: Objective, value: unknown): number {
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  if (isNumber && distances([{ name, goal, ideal }], { [name]: value })[0]! >= 0) return value;
  throw expected('evaluation-failed', `a number of at ${goal === 'minimise' ? 'least' : 'most'} ${ideal}`, value, name);
}
