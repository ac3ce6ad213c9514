// The evolution itself, without any running around: ask for candidates, tell what became of them.
import type { Operator } from '../operators/index.ts';
import { expected, reasonOf } from '../src/errors.ts';
import { withFreshWeights } from '../src/layers/fresh-weights.ts';
import { networkHash } from '../src/network/hash.ts';
import { idGenerator } from '../src/random/ids.ts';
import { RandomStream } from '../src/random/stream.ts';
import { freshTrainingState } from '../src/training/training-state.ts';
import type { Candidate, Evaluated } from './candidate.ts';
import { requireEvaluated, requireFirst, requireProblem, type Problem } from './check-parts.ts';
import { chooseParts } from './chosen-parts.ts';
import { limitsOf, parseConfig, type EvolutionConfig, type EvolutionSettings, type Limits } from './config.ts';
import type { JobBudget } from './evaluation/job.ts';
import type { EvolutionParts, StoppingRule } from './evolution-parts.ts';
import { firstPopulation, type NamedNetwork } from './first-population.ts';
import type { Individual } from './individual.ts';
import type { ObjectiveValues } from './objectives/compare.ts';
import type { RunObjectives } from './objectives/run-objectives.ts';
import { OperatorCredit } from './operator-credit.ts';
import { noCompute, Results } from './results.ts';
import type { ObjectiveDescription, RunEnded } from './run/journal-events.ts';
import type { Selection } from './selection/selection.ts';
import { mutate, stitch, PairingCache, type Variation } from './variation.ts';

/** A child before it has a name. */
interface Unborn extends Variation, Pick<Candidate, 'inherited'>, Pick<JobBudget, 'epochs' | 'learningRate'> {}

const attemptsPerChild = 20;

/**
 * Evolves trained networks; the settings say by which objectives, and how parents and survivors are chosen.
 *
 * `ask` gives a generation's candidates; `tell` takes each of them once, in the order they were asked, and selects the
 * survivors with the last. All draws follow from the seed, so equal answers give an equal run. Making thousands of
 * children takes seconds: `asking` does the same with pauses.
 */
export class Evolution {
  readonly #results: Results;
  readonly #config: EvolutionConfig;
  readonly #first: readonly NamedNetwork[];
  readonly #operators: readonly Operator[];
  readonly #objectives: RunObjectives;
  readonly #selection: Selection;
  readonly #stop: readonly StoppingRule[];
  readonly #rng: RandomStream;
  readonly #nextId: () => string;
  readonly #credit = new OperatorCredit();
  readonly #pairings: PairingCache;
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
    const { operators, objectives, selection } = chooseParts(config, parts);
    this.#operators = operators;
    this.#objectives = objectives;
    this.#selection = selection;
    this.#stop = parts.stop ?? [];
    this.#pairings = new PairingCache(parts.stitchTypes);
    this.#first = parts.first ?? firstPopulation(problem.shape, problem.classes, this.#rng.fork('first population'));
    requireFirst(this.#first, problem);
    this.#results = new Results(this.#objectives);
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
    this.#waiting.push(...unborn.slice(0, this.#left()).map((child) => this.#candidate(child)));
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
    const { provenance } = individual;
    if (provenance.how === 'mutation') this.#credit.reward(provenance.operator, entered);
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
    this.#pairings.keepOnly(new Set(this.#population.map(({ id }) => id)));
    this.#results.closeGeneration(pool);
    this.#stopped = undefined;
  }

  #isStopped(): boolean {
    const { evaluations, spent, hypervolumes } = this.#results;
    const progress = { generation: this.#generation, evaluations, spent, hypervolumes, front: this.front() };
    return this.#stop.some((rule) => {
      try {
        const answer: unknown = rule.shouldStop(progress);
        if (typeof answer !== 'boolean') throw expected('bad-argument', 'true or false', answer);
        return answer;
      } catch (error) {
        throw expected('bad-argument', 'a stopping rule that answers', new Error(reasonOf(error)), rule.name);
      }
    });
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

  *#children(generation: number): Generator<undefined, Unborn[]> {
    const rng = this.#rng.fork(`generation ${generation}`);
    const draw = this.#selection.parents(this.#population);
    const seen = new Set<string>();
    const made: Unborn[] = [];
    const wanted = Math.min(this.#config.children, this.#left());
    const proposals = wanted * this.#selection.proposals;
    for (let attempt = 0; attempt < attemptsPerChild * proposals && made.length < proposals; attempt++) {
      yield;
      const own = rng.fork(`child ${attempt}`);
      const parents = own.fork('parents');
      const [a, b] = [this.#population[draw(parents)]!, this.#population[draw(parents)]!];
      const child = this.#child(a, b, own);
      if (!child) continue;
      const hash = networkHash(child.child.network);
      if (seen.has(hash)) continue;
      seen.add(hash);
      made.push(child);
    }
    const cheap = made.map(({ child }) => this.#objectives.cheap(child.network));
    const accepted = this.#selection.accept(this.#population, cheap, wanted, rng.fork('accept'));
    const children = accepted.map((index) => made[index]!);
    return this.#config.control ? [...children, ...this.#controlsOf(children)] : children;
  }

  #child(a: Individual, b: Individual, rng: RandomStream): Unborn | undefined {
    const stitching = a !== b && rng.fork('kind').float() < this.#config.stitchShare;
    const draw = rng.fork('operator');
    const uniform = this.#config.operatorChoice === 'uniform';
    const order = uniform ? draw.shuffle(this.#operators) : this.#credit.shuffle(this.#operators, draw);
    const variation = stitching ? stitch(a, b, this.#pairings, rng) : mutate(a, order, rng);
    if (!variation) return undefined;
    const { childEpochs: epochs, childLearningRate: learningRate } = this.#config.training;
    const inherited = this.#results.inheritedFrom(variation.provenance.parents);
    const child = { ...variation, epochs, learningRate, inherited };
    try {
      this.#objectives.cheap(child.child.network);
    } catch (error) {
      // An objective of the caller's: its failure is the child's, which is then not to be evaluated.
      return { ...child, child: a.trained, stitching: null, trainable: null, failure: reasonOf(error) };
    }
    if (this.#config.weights === 'inherited' || variation.failure !== undefined) return child;
    const network = withFreshWeights(variation.child.network, rng.fork('fresh weights'));
    return {
      ...child,
      child: { network, state: freshTrainingState },
      stitching: null,
      trainable: null,
      inherited: noCompute,
    };
  }

  /** Each parent of a mutation, once. */
  #controlsOf(children: readonly Unborn[]): Unborn[] {
    const { childEpochs: epochs, childLearningRate: learningRate } = this.#config.training;
    const mutated = children.filter(({ provenance }) => provenance.how === 'mutation');
    const ids = new Set(mutated.flatMap(({ provenance }): readonly string[] => provenance.parents));
    return this.#population
      .filter(({ id }) => ids.has(id))
      .map(({ id, trained }) => ({
        provenance: { how: 'control', parents: [id] },
        child: trained,
        stitching: null,
        trainable: null,
        epochs,
        learningRate,
        inherited: this.#results.inheritedFrom([id]),
      }));
  }

  #candidate({ epochs, learningRate, ...unborn }: Unborn): Candidate {
    const { batchSize, fitSamples } = this.#config.training;
    const id = this.#nextId();
    const { network } = unborn.child;
    return {
      ...unborn,
      id,
      budget: { epochs, learningRate, batchSize, fitSamples },
      seed: this.#rng.fork(`job ${id}`).key,
      stopAbove:
        this.#config.rungs && unborn.failure === undefined
          ? this.#objectives.errorToBeat(network, this.#results.vectors())
          : null,
      latency: this.#objectives.timed,
    };
  }
}
