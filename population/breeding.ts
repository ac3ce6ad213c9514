// Makes the children of a generation: chooses parents, varies them, and keeps what is worth an evaluation.
import type { Operator } from '../operators/index.ts';
import { reasonOf } from '../src/errors.ts';
import { withFreshWeights } from '../src/layers/fresh-weights.ts';
import { networkHash } from '../src/network/hash.ts';
import type { ObjectiveVector } from '../src/pareto/dominance.ts';
import type { RandomStream } from '../src/random/stream.ts';
import { freshTrainingState } from '../src/training/training-state.ts';
import type { Candidate } from './candidate.ts';
import type { ChosenParts } from './chosen-parts.ts';
import type { EvolutionConfig } from './config.ts';
import type { JobBudget } from './evaluation/job.ts';
import type { StitchType } from '../stitching/index.ts';
import type { Individual } from './individual.ts';
import type { RunObjectives } from './objectives/run-objectives.ts';
import { OperatorCredit } from './operator-credit.ts';
import { noCompute, type Results } from './results.ts';
import type { Selection } from './selection/selection.ts';
import { mutate, PairingCache, stitch, type Variation } from './variation.ts';

/** A child before it has a name. */
export interface Unborn extends Variation, Pick<Candidate, 'inherited'>, Pick<JobBudget, 'epochs' | 'learningRate'> {}

/** A child, and what there is to choose it by. */
interface Proposal {
  readonly child: Unborn;
  /** Its cheap objectives; of one that failed its first parent's, which are none where that failed, too. */
  readonly cheap: ObjectiveVector;
}

const attemptsPerChild = 20;

/** Remembers from generation to generation which operators did well, and which parents were paired. */
export class Breeding {
  readonly #config: EvolutionConfig;
  readonly #operators: readonly Operator[];
  readonly #objectives: RunObjectives;
  readonly #selection: Selection;
  readonly #results: Results;
  readonly #credit = new OperatorCredit();
  readonly #pairings: PairingCache;

  constructor(
    config: EvolutionConfig,
    { operators, objectives, selection }: ChosenParts,
    results: Results,
    stitchTypes: readonly StitchType[] | undefined,
  ) {
    this.#config = config;
    this.#operators = operators;
    this.#objectives = objectives;
    this.#selection = selection;
    this.#results = results;
    this.#pairings = new PairingCache(stitchTypes);
  }

  /** Takes notice of an evaluated child, and whether it entered the front. */
  reward({ provenance }: Individual, entered: boolean): void {
    if (provenance.how === 'mutation') this.#credit.reward(provenance.operator, entered);
  }

  /** Forgets pairs of which one is not in the population any more. */
  keepOnly(population: readonly Individual[]): void {
    this.#pairings.keepOnly(new Set(population.map(({ id }) => id)));
  }

  /**
   * Up to `wanted` children, different networks all, and their controls where the settings want these; pauses before each
   * attempt to make one.
   */
  *children(population: readonly Individual[], wanted: number, rng: RandomStream): Generator<undefined, Unborn[]> {
    const draw = this.#selection.parents(population);
    const seen = new Set<string>();
    const made: Proposal[] = [];
    const proposals = wanted * this.#selection.proposals;
    for (let attempt = 0; attempt < attemptsPerChild * proposals && made.length < proposals; attempt++) {
      yield;
      const own = rng.fork(`child ${attempt}`);
      const parents = own.fork('parents');
      const [a, b] = [population[draw(parents)]!, population[draw(parents)]!];
      const proposal = this.#proposal(a, b, own);
      if (!proposal) continue;
      const hash = networkHash(proposal.child.child.network);
      if (seen.has(hash)) continue;
      seen.add(hash);
      made.push(proposal);
    }
    const children = this.#accepted(population, made, wanted, rng).map(({ child }) => child);
    return this.#config.control ? [...children, ...this.#controlsOf(children, population)] : children;
  }

  /** Those that selection chooses; what cannot be compared fills up what it leaves. */
  #accepted(
    population: readonly Individual[],
    made: readonly Proposal[],
    wanted: number,
    rng: RandomStream,
  ): readonly Proposal[] {
    const known = made.filter(({ cheap }) => cheap.length > 0);
    const vectors = known.map(({ cheap }) => cheap);
    const chosen = this.#selection
      .accept(population, vectors, wanted, rng.fork('accept'))
      .map((index) => known[index]!);
    const failed = made.filter(({ cheap }) => cheap.length === 0);
    return [...chosen, ...failed.slice(0, wanted - chosen.length)];
  }

  #proposal(a: Individual, b: Individual, rng: RandomStream): Proposal | undefined {
    const stitching = a !== b && rng.fork('kind').float() < this.#config.stitchShare;
    const draw = rng.fork('operator');
    const uniform = this.#config.operatorChoice === 'uniform';
    const order = uniform ? draw.shuffle(this.#operators) : this.#credit.shuffle(this.#operators, draw);
    const variation = stitching ? stitch(a, b, this.#pairings, rng) : mutate(a, order, rng);
    if (!variation) return undefined;
    const { childEpochs: epochs, childLearningRate: learningRate } = this.#config.training;
    const inherited = this.#results.inheritedFrom(variation.provenance.parents);
    const child = { ...variation, epochs, learningRate, inherited };
    if (child.failure !== undefined) return { child, cheap: a.cheap };
    const born = this.#config.weights === 'inherited' ? child : withoutHeritage(child, rng.fork('fresh weights'));
    try {
      return { child: born, cheap: this.#objectives.cheap(born.child.network) };
    } catch (error) {
      // An objective of the caller's: its failure is the child's, which is then not to be evaluated.
      const failure = reasonOf(error);
      return { child: { ...child, child: a.trained, stitching: null, trainable: null, failure }, cheap: a.cheap };
    }
  }

  /** Each parent of a mutation, once. */
  #controlsOf(children: readonly Unborn[], population: readonly Individual[]): Unborn[] {
    const { childEpochs: epochs, childLearningRate: learningRate } = this.#config.training;
    const mutated = children.filter(({ provenance }) => provenance.how === 'mutation');
    const ids = new Set(mutated.flatMap(({ provenance }): readonly string[] => provenance.parents));
    return population
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
}

/** The same architecture, to be trained from the start. */
function withoutHeritage(child: Unborn, rng: RandomStream): Unborn {
  const network = withFreshWeights(child.child.network, rng);
  return {
    ...child,
    child: { network, state: freshTrainingState },
    stitching: null,
    trainable: null,
    inherited: noCompute,
  };
}
