// The evolution itself, without any running around: ask for candidates, tell what became of them.
import { expected, reasonOf } from '../src/errors.ts';
import { idGenerator } from '../src/random/ids.ts';
import { RandomStream } from '../src/random/stream.ts';
import { freshTrainingState } from '../src/training/training-state.ts';
import { Breeding, type Unborn } from './breeding.ts';
import type { Candidate, Evaluated } from './candidate.ts';
import { requireEvaluated, requireFirst, requireProblem, type Problem } from './check-parts.ts';
import { chooseParts } from './chosen-parts.ts';
import { limitsOf, parseConfig, type EvolutionConfig, type EvolutionSettings, type Limits } from './config.ts';
import { trainingMacs } from './evaluation/training-macs.ts';
import type { EvolutionParts, StoppingRule } from './evolution-parts.ts';
import { firstPopulation, type NamedNetwork } from './first-population.ts';
import { heard } from './heard-answer.ts';
import type { Individual } from './individual.ts';
import type { ObjectiveValues } from './objectives/compare.ts';
import type { RunObjectives } from './objectives/run-objectives.ts';
import { noCompute, Results } from './results.ts';
import type { ObjectiveDescription, RunEnded } from './run/journal-events.ts';
import type { Selection } from './selection/selection.ts';
import { snapshotOf } from './snapshot.ts';

/**
 * Evolves trained networks; the settings say by which objectives, and how parents and survivors are chosen.
 *
 * `ask` gives a generation's candidates, those with the longest training first; `tell` takes each of them once, in the
 * order they were asked, and selects the survivors with the last. All draws follow from the seed, so equal answers give
 * an equal run. Making thousands of children takes seconds: `asking` does the same with pauses.
 */
export class Evolution {
  readonly #results: Results;
  readonly #config: EvolutionConfig;
  readonly #first: readonly NamedNetwork[];
  readonly #objectives: RunObjectives;
  readonly #selection: Selection;
  readonly #stop: readonly StoppingRule[];
  readonly #rng: RandomStream;
  readonly #nextId: () => string;
  readonly #breeding: Breeding;
  readonly #waiting: Candidate[] = [];
  #limits: Limits;
  #firsts: readonly Individual[] = [];
  #population: readonly Individual[] = [];
  #newcomers: Individual[] = [];
  #generation = -1;
  #exhausted = false;
  /** Whether a rule of the caller's ends it after the last whole generation; undefined until it was asked. */
  #stopped: boolean | undefined;

  /**
   * Throws `bad-config` for wrong settings, `bad-argument` for parts that are none, `bad-network` for a first network
   * that does not fit the problem, and `not-found` for an unknown operator, objective or selection.
   */
  constructor(settings: EvolutionSettings, problem: Problem, parts: EvolutionParts = {}) {
    const config = parseConfig(settings);
    this.#config = config;
    this.#limits = limitsOf(config);
    this.#rng = RandomStream.fromSeed(config.seed);
    this.#nextId = idGenerator(this.#rng.fork('ids'));
    requireProblem(problem);
    const chosen = chooseParts(config, parts);
    this.#objectives = chosen.objectives;
    this.#selection = chosen.selection;
    this.#stop = parts.stop ?? [];
    this.#first = parts.first ?? firstPopulation(problem.shape, problem.classes, this.#rng.fork('first population'));
    requireFirst(this.#first, problem);
    this.#results = new Results(this.#objectives);
    this.#breeding = new Breeding(config, chosen, this.#results, parts.stitchTypes);
  }

  /** The objectives that the settings name, as the journal describes them. */
  get objectives(): ObjectiveDescription[] {
    return this.#objectives.descriptions();
  }

  /** The hypervolume's reference point by objective; known once the first population was told. */
  get reference(): ObjectiveValues | undefined {
    return this.#results.reference;
  }

  /** The generation under way; 0 is the first population. */
  get generation(): number {
    return this.#generation;
  }

  /** Candidates told so far, failed ones included. */
  get evaluations(): number {
    return this.#results.evaluations;
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
   * Why there is nothing left to ask or tell, or undefined. `failed`: not one network could be evaluated; `stopped`: a
   * rule given by code says so; `exhausted`: of the last population no child can be made.
   */
  get finished(): Exclude<RunEnded['reason'], 'interrupted' | 'maxSeconds'> | 'failed' | undefined {
    if (this.#waiting.length > 0) return undefined;
    if (this.#firsts.length > 0 && this.#population.every(({ outcome }) => 'failure' in outcome)) return 'failed';
    if (this.#generation >= this.#limits.generations) return 'generations';
    const { maxSamples, maxMacs, patience } = this.#limits;
    const { samples, trainingMacs, evaluationMacs } = this.#results.spent;
    if (this.#left() === 0) return 'maxEvaluations';
    if (samples >= (maxSamples ?? Infinity)) return 'maxSamples';
    if (trainingMacs + evaluationMacs >= (maxMacs ?? Infinity)) return 'maxMacs';
    const before = patience === null ? undefined : this.#results.hypervolumes.at(-1 - patience);
    if (before !== undefined && this.hypervolume() <= before) return 'patience';
    this.#stopped ??= this.#population.length > 0 && this.#isStopped();
    if (this.#stopped) return 'stopped';
    return this.#exhausted ? 'exhausted' : undefined;
  }

  /** Sets new limits. Throws `bad-config` for one that the run has passed; what was asked counts as evaluated. */
  limit(limits: Limits): void {
    const { generations, maxEvaluations } = limits;
    const evaluations = this.evaluations + this.#waiting.length;
    if (generations < this.#generation)
      throw expected('bad-config', `${this.#generation} generations or more, as begun`, generations, 'generations');
    if (maxEvaluations !== null && maxEvaluations < evaluations)
      throw expected('bad-config', `${evaluations} evaluations or more, as begun`, maxEvaluations, 'maxEvaluations');
    this.#limits = limitsOf(limits);
    this.#exhausted = false;
  }

  /** The parents of the next generation: the survivors of the last one that was told whole. */
  population(): readonly Individual[] {
    return this.#population;
  }

  /** The non-dominated individuals so far that keep all constraints, by their objectives in the settings' order. */
  front(): Individual[] {
    return this.#results.front();
  }

  /** Share of the box between the ideal point and the reference that the front dominates, 0..1; 0 before there is one. */
  hypervolume(): number {
    return this.#results.hypervolume();
  }

  /** The first population as trained: what children are compared with. */
  firsts(): readonly Individual[] {
    return this.#firsts;
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
    const asked = longestFirst(unborn.slice(0, this.#left()));
    this.#waiting.push(...asked.map((child) => this.#candidate(child)));
    return this.waiting;
  }

  /**
   * Takes what became of the next candidate in order; the generation's last one ends it. Throws `bad-argument` for any
   * other, and for numbers that no evaluation gives; nothing has changed then.
   */
  tell(candidate: Candidate, evaluated: Evaluated): Individual {
    if (this.#waiting[0]?.id !== candidate.id) {
      throw expected('bad-argument', `candidate ${this.#waiting[0]?.id ?? '(none)'} next`, candidate.id);
    }
    requireEvaluated(evaluated, candidate.id);
    this.#waiting.shift();
    const { individual, entered } = this.#results.add(candidate, evaluated);
    this.#breeding.reward(individual, entered);
    this.#newcomers.push(individual);
    if (this.#waiting.length === 0) this.#closeGeneration();
    return individual;
  }

  /** The survivors of parents and children; controls only wait for their comparison. */
  #closeGeneration(): void {
    const pool = [...this.#population, ...this.#newcomers.filter(({ provenance }) => provenance.how !== 'control')];
    if (this.#generation === 0) this.#firsts = pool;
    this.#population = this.#selection.survivors(pool, this.#config.populationSize).map((index) => pool[index]!);
    this.#newcomers = [];
    this.#breeding.keepOnly(this.#population);
    this.#results.closeGeneration(pool);
    this.#stopped = undefined;
  }

  #isStopped(): boolean {
    if (this.#stop.length === 0) return false;
    const { evaluations, spent, hypervolumes } = this.#results;
    const progress = { generation: this.#generation, evaluations, spent, hypervolumes, front: this.front() };
    const before = snapshotOf(
      progress,
      progress.front.map(({ trained }) => trained),
    );
    return this.#stop.some((rule) =>
      before.unwritten('progress', rule.name, () => {
        try {
          const answer: unknown = heard(rule.shouldStop(progress));
          if (typeof answer !== 'boolean') throw expected('bad-argument', 'true or false', answer);
          return answer;
        } catch (error) {
          throw expected('bad-argument', 'a stopping rule that answers', new Error(reasonOf(error)), rule.name);
        }
      }),
    );
  }

  #left(): number {
    return (this.#limits.maxEvaluations ?? Infinity) - this.evaluations;
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
      inherited: noCompute,
    }));
  }

  #children(generation: number): Generator<undefined, Unborn[]> {
    const wanted = Math.min(this.#config.children, this.#left());
    return this.#breeding.children(this.#population, wanted, this.#rng.fork(`generation ${generation}`));
  }

  #candidate({ epochs, learningRate, ...unborn }: Unborn): Candidate {
    const { batchSize, fitSamples } = this.#config.training;
    const id = this.#nextId();
    const isJudged = unborn.failure === undefined && unborn.provenance.how !== 'control';
    return {
      ...unborn,
      id,
      budget: { epochs, learningRate, batchSize, fitSamples },
      seed: this.#rng.fork(`job ${id}`).key,
      rungs: this.#config.rungs ? this.#results.rungs(isJudged ? unborn.child.network : null) : null,
      latency: this.#objectives.timed,
    };
  }
}

/** The longest training first: workers that take them in this order end at about the same time. */
function longestFirst(unborn: readonly Unborn[]): Unborn[] {
  const work = new Map(
    unborn.map((child) => {
      const trainable = child.trainable ? new Set(child.trainable) : undefined;
      return [child, child.failure === undefined ? child.epochs * trainingMacs(child.child.network, trainable) : 0];
    }),
  );
  return unborn.toSorted((a, b) => work.get(b)! - work.get(a)!);
}
