// The evolution itself, without any running around: ask for candidates, tell what became of them.
import { operators as allOperators, operatorNamed, type Operator } from '../operators/index.ts';
import { expected, Words } from '../src/errors.ts';
import { costOf } from '../src/network/cost.ts';
import { networkHash } from '../src/network/hash.ts';
import { inputNode, outputNode } from '../src/network/network.ts';
import { rangesOf } from '../src/network/ranges-of.ts';
import { layersOf, outputShape } from '../src/network/shapes.ts';
import { sameShape, type Shape } from '../src/network/tensor.ts';
import { validate } from '../src/network/validate.ts';
import { idGenerator } from '../src/random/ids.ts';
import { RandomStream } from '../src/random/stream.ts';
import { freshTrainingState } from '../src/training/training-state.ts';
import { Archive } from '../src/pareto/archive.ts';
import type { Candidate, Evaluated } from './candidate.ts';
import type { EvolutionConfig, Limits } from './config.ts';
import { firstPopulation, type NamedNetwork } from './first-population.ts';
import { hypervolume } from '../src/pareto/hypervolume.ts';
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

/** What networks are for: samples of one shape, without the batch axis, and so many classes. */
export interface Problem {
  readonly shape: Shape;
  readonly classes: number;
}

/** What became of a told candidate, and what it costs. */
export interface Told {
  readonly individual: Individual;
  readonly macs: number;
  readonly params: number;
}

const failed = [Infinity, Infinity] as const;
const attemptsPerChild = 20;

/**
 * NSGA-II (Deb et al. 2002) over trained networks, with validation error and MACs minimised.
 *
 * `ask` gives a generation's candidates; `tell` takes each of them once, in the order they were asked, and selects the
 * survivors with the last. All draws follow from the seed, so equal answers give an equal run.
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

  /** Throws `bad-network` for a first network that does not fit the problem, `not-found` for an unknown operator. */
  constructor(config: EvolutionConfig, problem: Problem, parts: EvolutionParts = {}) {
    this.#config = config;
    this.#limits = config;
    this.#rng = RandomStream.fromSeed(config.seed);
    this.#nextId = idGenerator(this.#rng.fork('ids'));
    this.#operators = parts.operators ?? config.operators?.map(operatorNamed) ?? allOperators;
    this.#first = parts.first ?? firstPopulation(problem.shape, problem.classes, this.#rng.fork('first population'));
    if (this.#first.length === 0)
      throw expected('bad-argument', 'at least one first network', new Words('none'), 'first');
    for (const { name, network } of this.#first) requireFit(name, network, problem);
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

  /** Why there is nothing left to ask or tell, or undefined; `failed` when not one network could be evaluated. */
  get finished(): 'generations' | 'maxEvaluations' | 'failed' | undefined {
    if (this.#waiting.length > 0) return undefined;
    if (this.#population.length > 0 && this.front().length === 0) return 'failed';
    if (this.#generation >= this.#limits.generations) return 'generations';
    return this.#left() === 0 ? 'maxEvaluations' : undefined;
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
    const vectors = this.front().map(({ objectives }) => objectives);
    return hypervolume(vectors, this.reference) / (this.reference[0] * this.reference[1]);
  }

  /** The next generation's candidates; empty when the run is over. Throws `bad-argument` while some are still to be told. */
  ask(): readonly Candidate[] {
    if (this.#waiting.length > 0)
      throw expected('bad-argument', 'every candidate told before asking', this.#waiting.length);
    if (this.finished) return [];
    this.#generation += 1;
    const candidates = this.#generation === 0 ? this.#firstCandidates() : this.#children();
    this.#waiting.push(...candidates.slice(0, this.#left()));
    return this.waiting;
  }

  /** Takes what became of the next candidate in order; the generation's last one ends it. Throws `bad-argument` for any other. */
  tell(candidate: Candidate, evaluated: Evaluated): Told {
    if (this.#waiting[0]?.id !== candidate.id) {
      throw expected('bad-argument', `candidate ${this.#waiting[0]?.id ?? '(none)'} next`, candidate.id);
    }
    this.#waiting.shift();
    this.#evaluations += 1;
    const trained = 'failure' in evaluated ? candidate.child : evaluated.trained;
    const { macs, params } = costOf(trained.network);
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

  #firstCandidates(): Candidate[] {
    const { firstEpochs: epochs, firstLearningRate: learningRate } = this.#config.training;
    return this.#first.map(({ name, network }) => {
      const variation: Variation = {
        provenance: { how: 'first', name, parents: [] },
        child: { network, state: freshTrainingState },
        stitching: null,
        trainable: null,
      };
      return this.#candidate(variation, { epochs, learningRate }, 0);
    });
  }

  #children(): Candidate[] {
    const rng = this.#rng.fork(`generation ${this.#generation}`);
    const { childEpochs: epochs, childLearningRate: learningRate } = this.#config.training;
    const ranking = rankAndCrowd(this.#population.map(({ objectives }) => objectives));
    const seen = new Set<string>();
    const children: Candidate[] = [];
    for (let attempt = 0; attempt < attemptsPerChild * this.#config.children; attempt++) {
      if (children.length === this.#config.children) break;
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
      const inherited = a.samplesSeen + (stitching ? b.samplesSeen : 0);
      children.push(this.#candidate(variation, { epochs, learningRate }, inherited));
    }
    return children;
  }

  #candidate(
    variation: Variation,
    rates: { epochs: number; learningRate: number },
    samplesInherited: number,
  ): Candidate {
    const { batchSize, fitSamples } = this.#config.training;
    const id = this.#nextId();
    const seed = this.#rng.fork(`job ${id}`).key;
    return { ...variation, id, budget: { ...rates, batchSize, fitSamples }, seed, samplesInherited };
  }
}

function requireFit(name: string, network: NamedNetwork['network'], { shape, classes }: Problem): void {
  validate(network);
  const input = layersOf(network).get(inputNode(network).id)!.output;
  if (!sameShape(input, shape)) throw expected('bad-network', `samples of shape [${shape.join(', ')}]`, input, name);
  const output = outputShape(network);
  if (!sameShape(output, [classes])) throw expected('bad-network', `${classes} outputs, one a class`, output, name);
  const { low, high } = rangesOf(network).get(outputNode(network).id)!;
  if (low >= 0 && high <= 1) {
    throw expected(
      'bad-network',
      'logits as output (the loss applies softmax itself)',
      new Words('outputs within 0 to 1'),
      name,
    );
  }
}

/** Adds what the fit of stitches came to. */
function withFit(provenance: Provenance, evaluated: Evaluated): Provenance {
  return provenance.how === 'stitching' && 'fit' in evaluated ? { ...provenance, fit: [...evaluated.fit] } : provenance;
}
