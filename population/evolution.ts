// The evolution itself, without any running around: ask for candidates, tell what became of them.
import { operators as allOperators, operatorNamed, type Operator } from '../operators/index.ts';
import { expected } from '../src/errors.ts';
import { costOf } from '../src/network/cost.ts';
import { networkHash } from '../src/network/hash.ts';
import { idGenerator } from '../src/random/ids.ts';
import { RandomStream } from '../src/random/stream.ts';
import { freshTrainingState } from '../src/training/training-state.ts';
import { Archive } from '../src/pareto/archive.ts';
import { hypervolumeShare } from '../src/pareto/hypervolume.ts';
import type { Candidate, Evaluated } from './candidate.ts';
import { requireEvaluated, requireFirst, requireOperators, requireProblem, type Problem } from './check-parts.ts';
import { parseConfig, type EvolutionConfig, type EvolutionSettings, type Limits } from './config.ts';
import { firstPopulation, type NamedNetwork } from './first-population.ts';
import type { JobBudget } from './evaluation/job.ts';
import type { Individual } from './individual.ts';
import type { Provenance } from './run/journal-events.ts';
import { binaryTournament, rankAndCrowd, survive } from '../src/pareto/nsga2.ts';
import { mutate, stitch, PairingCache, type Variation } from './variation.ts';

/** What can be put in by code, but not by a config file. */
export interface EvolutionParts {
  /** The first population, untrained (default: six small networks). */
  readonly first?: readonly NamedNetwork[];
  /** The mutation operators (default: those that the config names, else all). */
  readonly operators?: readonly Operator[];
}

/** What became of a told candidate, and what it costs. */
export interface Told {
  readonly individual: Individual;
  readonly macs: number;
  readonly params: number;
}

/** A child before it has a name. */
interface Unborn extends Variation, Pick<Candidate, 'samplesInherited'>, Pick<JobBudget, 'epochs' | 'learningRate'> {}

const failed = [Infinity, Infinity] as const;
const attemptsPerChild = 20;

/**
 * NSGA-II (Deb et al. 2002) over trained networks, with validation error and MACs minimised.
 *
 * `ask` gives a generation's candidates; `tell` takes each of them once, in the order they were asked, and selects the
 * survivors with the last. All draws follow from the seed, so equal answers give an equal run. Making thousands of
 * children takes seconds: `asking` does the same with pauses.
 */
export class Evolution {
  /** The hypervolume's reference point: all wrong, at twice the MACs of the costliest first network. */
  readonly reference: readonly [number, number];
  readonly #config: EvolutionConfig;
  readonly #first: readonly NamedNetwork[];
  readonly #operators: readonly Operator[];
  readonly #rng: RandomStream;
  readonly #nextId: () => string;
  readonly #archive = new Archive<Individual>();
  readonly #pairings = new PairingCache();
  readonly #waiting: Candidate[] = [];
  #limits: Limits;
  #firsts: Individual[] = [];
  #population: Individual[] = [];
  #newcomers: Individual[] = [];
  #generation = -1;
  #evaluations = 0;
  #exhausted = false;

  /**
   * Throws `bad-config` for wrong settings, `bad-argument` for parts that are none, `bad-network` for a first network
   * that does not fit the problem, and `not-found` for an unknown operator.
   */
  constructor(settings: EvolutionSettings, problem: Problem, { first, operators }: EvolutionParts = {}) {
    const config = parseConfig(settings);
    this.#config = config;
    this.#limits = config;
    this.#rng = RandomStream.fromSeed(config.seed);
    this.#nextId = idGenerator(this.#rng.fork('ids'));
    requireProblem(problem);
    if (operators !== undefined) requireOperators(operators);
    this.#operators = operators ?? config.operators?.map(operatorNamed) ?? allOperators;
    this.#first = first ?? firstPopulation(problem.shape, problem.classes, this.#rng.fork('first population'));
    requireFirst(this.#first, problem);
    this.reference = [1, 2 * Math.max(...this.#first.map(({ network }) => costOf(network).macs))];
  }

  /** The generation under way; 0 is the first population. */
  get generation(): number {
    return this.#generation;
  }

  /** Candidates told so far, failed ones included. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /** The candidates asked and not yet told, in order. */
  get waiting(): readonly Candidate[] {
    return [...this.#waiting];
  }

  /** Candidates told so far of a generation that still waits for others; else 0. */
  get told(): number {
    return this.#newcomers.length;
  }

  /**
   * Why there is nothing left to ask or tell, or undefined. `failed`: not one network could be evaluated; `exhausted`: of
   * the last population no child can be made.
   */
  get finished(): 'generations' | 'maxEvaluations' | 'exhausted' | 'failed' | undefined {
    if (this.#waiting.length > 0) return undefined;
    if (this.#population.length > 0 && this.front().length === 0) return 'failed';
    if (this.#generation >= this.#limits.generations) return 'generations';
    if (this.#left() === 0) return 'maxEvaluations';
    return this.#exhausted ? 'exhausted' : undefined;
  }

  /** Sets new limits. Throws `bad-config` for one that the run has passed; what was asked counts as evaluated. */
  limit(limits: Limits): void {
    const { generations, maxEvaluations } = limits;
    const evaluations = this.#evaluations + this.#waiting.length;
    if (generations < this.#generation)
      throw expected('bad-config', `${this.#generation} generations or more, as begun`, generations, 'generations');
    if (maxEvaluations !== null && maxEvaluations < evaluations)
      throw expected('bad-config', `${evaluations} evaluations or more, as begun`, maxEvaluations, 'maxEvaluations');
    this.#limits = limits;
    this.#exhausted = false;
  }

  /** The parents of the next generation: the survivors of the last one that was told whole. */
  population(): readonly Individual[] {
    return this.#population;
  }

  /** The non-dominated individuals so far, by rising error. */
  front(): Individual[] {
    return this.#archive.members().filter(({ objectives }) => objectives.every(Number.isFinite));
  }

  /** The first population as trained: what children are compared with. */
  firsts(): readonly Individual[] {
    return this.#firsts;
  }

  /** Share of the box between the ideal point (0, 0) and the reference that the front dominates, 0..1. */
  hypervolume(): number {
    return hypervolumeShare(
      this.front().map(({ objectives }) => objectives),
      this.reference,
    );
  }

  /** The next generation's candidates; empty when the run is over. Throws `bad-argument` while some are still to be told. */
  ask(): readonly Candidate[] {
    const asking = this.asking();
    for (;;) {
      const { done, value } = asking.next();
      if (done) return value;
    }
  }

  /**
   * What `ask` does, with a pause before each attempt to make a child: iterate to the end for the candidates. Nothing has
   * been asked if the iteration is given up before.
   */
  *asking(): Generator<undefined, readonly Candidate[]> {
    if (this.#waiting.length > 0)
      throw expected('bad-argument', 'every candidate told before asking', this.#waiting.length);
    if (this.finished) return [];
    const generation = this.#generation + 1;
    const unborn = generation === 0 ? this.#firstNetworks() : yield* this.#children(generation);
    this.#exhausted = unborn.length === 0;
    if (this.#exhausted) return [];
    this.#generation = generation;
    this.#waiting.push(...unborn.slice(0, this.#left()).map((child) => this.#candidate(child)));
    return this.waiting;
  }

  /**
   * Takes what became of the next candidate in order; the generation's last one ends it. Throws `bad-argument` for any
   * other, and for numbers that no evaluation gives; nothing has changed then.
   */
  tell(candidate: Candidate, evaluated: Evaluated): Told {
    if (this.#waiting[0]?.id !== candidate.id) {
      throw expected('bad-argument', `candidate ${this.#waiting[0]?.id ?? '(none)'} next`, candidate.id);
    }
    requireEvaluated(evaluated, candidate.id);
    const trained = 'failure' in evaluated ? candidate.child : evaluated.trained;
    const { macs, params } = costOf(trained.network);
    this.#waiting.shift();
    this.#evaluations += 1;
    const individual: Individual = {
      id: candidate.id,
      trained,
      objectives: 'failure' in evaluated ? failed : [evaluated.validation.error, macs],
      provenance: withFit(candidate.provenance, evaluated),
      samplesSeen: candidate.samplesInherited + ('failure' in evaluated ? 0 : evaluated.samplesSeen),
    };
    this.#newcomers.push(individual);
    this.#archive.add(individual, individual.objectives);
    if (this.#waiting.length === 0) this.#select();
    return { individual, macs, params };
  }

  /** The survivors of parents and children. */
  #select(): void {
    const pool = [...this.#population, ...this.#newcomers];
    if (this.#generation === 0) this.#firsts = pool;
    const kept = survive(
      pool.map(({ objectives }) => objectives),
      this.#config.populationSize,
    );
    this.#population = kept.map((index) => pool[index]!);
    this.#newcomers = [];
    this.#pairings.keepOnly(new Set(this.#population.map(({ id }) => id)));
  }

  #left(): number {
    return (this.#limits.maxEvaluations ?? Infinity) - this.#evaluations;
  }

  #firstNetworks(): Unborn[] {
    const { firstEpochs: epochs, firstLearningRate: learningRate } = this.#config.training;
    return this.#first.map(({ name, network }) => ({
      provenance: { how: 'first', name, parents: [] },
      child: { network, state: freshTrainingState },
      stitching: null,
      trainable: null,
      epochs,
      learningRate,
      samplesInherited: 0,
    }));
  }

  *#children(generation: number): Generator<undefined, Unborn[]> {
    const rng = this.#rng.fork(`generation ${generation}`);
    const { childEpochs: epochs, childLearningRate: learningRate } = this.#config.training;
    const ranking = rankAndCrowd(this.#population.map(({ objectives }) => objectives));
    const seen = new Set<string>();
    const children: Unborn[] = [];
    const wanted = Math.min(this.#config.children, this.#left());
    for (let attempt = 0; attempt < attemptsPerChild * this.#config.children && children.length < wanted; attempt++) {
      yield;
      const own = rng.fork(`child ${attempt}`);
      const draw = own.fork('parents');
      const [a, b] = [
        this.#population[binaryTournament(ranking, draw)]!,
        this.#population[binaryTournament(ranking, draw)]!,
      ];
      const stitching = a !== b && own.fork('kind').float() < this.#config.stitchShare;
      const variation = stitching ? stitch(a, b, this.#pairings, own) : mutate(a, this.#operators, own);
      if (!variation) continue;
      const hash = networkHash(variation.child.network);
      if (seen.has(hash)) continue;
      seen.add(hash);
      const samplesInherited = a.samplesSeen + (stitching ? b.samplesSeen : 0);
      children.push({ ...variation, epochs, learningRate, samplesInherited });
    }
    return children;
  }

  #candidate({ epochs, learningRate, ...unborn }: Unborn): Candidate {
    const { batchSize, fitSamples } = this.#config.training;
    const id = this.#nextId();
    const seed = this.#rng.fork(`job ${id}`).key;
    return { ...unborn, id, budget: { epochs, learningRate, batchSize, fitSamples }, seed };
  }
}

/** Adds what the fit of stitches came to. */
function withFit(provenance: Provenance, evaluated: Evaluated): Provenance {
  return provenance.how === 'stitching' && 'fit' in evaluated ? { ...provenance, fit: [...evaluated.fit] } : provenance;
}
