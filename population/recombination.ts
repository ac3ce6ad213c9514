// A recombination under way: what was evaluated so far, and what the journal says of it.
import type { Samples } from '../src/data/samples.ts';
import type { Engine } from '../src/engine/engine.ts';
import { NeurostitchError } from '../src/errors.ts';
import type { ObjectiveVector } from '../src/pareto/dominance.ts';
import { survive } from '../src/pareto/nsga2.ts';
import { idGenerator } from '../src/random/ids.ts';
import { RandomStream } from '../src/random/stream.ts';
import { evaluate } from '../src/training/evaluate.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import {
  activeStitches,
  decode,
  genotypeKey,
  parentGenotype,
  searchSupernetwork,
  type EvaluatedGenotype,
  type Genotype,
  type SearchAlgorithmName,
  type Supernetwork,
} from '../stitching/index.ts';
import type { EvolutionConfig } from './config.ts';
import { evaluateAll } from './evaluation/evaluate-all.ts';
import type { Executor } from './evaluation/executor.ts';
import type { EvolutionEvents } from './evolve.ts';
import type { Individual } from './individual.ts';
import { RunObjectives } from './objectives/run-objectives.ts';
import type { NamedModel } from './recombine.ts';
import { noCompute, Results } from './results.ts';
import { byMacs, generationEvent, individualEvent } from './run/decided-events.ts';
import type { Provenance } from './run/journal-events.ts';
import type { RunWriter } from './run/run-directory.ts';

/** What a recombination works with. */
export interface RecombinationParts {
  readonly config: EvolutionConfig;
  readonly search: SearchAlgorithmName;
  readonly writer: RunWriter;
  readonly executor: Executor;
  readonly events: EvolutionEvents;
}

/** A network that is to be evaluated, and trained first where `trainable` names nodes. */
interface Order {
  readonly child: TrainedNetwork;
  readonly provenance: Provenance;
  readonly trainable: readonly string[];
}

/** The steps of the run, in the order in which they are to be called. */
export class Recombination {
  readonly #parts: RecombinationParts;
  readonly #rng: RandomStream;
  readonly #nextId: () => string;
  readonly #objectives: RunObjectives;
  readonly #results: Results;
  #evaluated: readonly EvaluatedGenotype[] = [];
  #parents: readonly [Individual, Individual] | undefined;

  constructor(parts: RecombinationParts) {
    this.#parts = parts;
    this.#rng = RandomStream.fromSeed(parts.config.seed);
    this.#nextId = idGenerator(this.#rng.fork('ids'));
    this.#objectives = new RunObjectives(parts.config);
    this.#results = new Results(this.#objectives);
  }

  /** Throws `evaluation-failed` where a model cannot be evaluated. */
  async addModels(models: readonly [NamedModel, NamedModel]): Promise<void> {
    const orders = models.map(({ name, trained }): Order => {
      return { child: trained, provenance: { how: 'first', name, parents: [] }, trainable: [] };
    });
    const [a, b] = await this.#carryOut(0, orders);
    for (const [at, { outcome }] of [a!, b!].entries()) {
      if ('failure' in outcome)
        throw new NeurostitchError(
          'evaluation-failed',
          `Expected a model that runs, ${models[at]!.name}: ${outcome.failure}`,
        );
    }
    this.#parents = [a!, b!];
    await this.#closeGeneration(0, [a!, b!]);
  }

  async searchChildren(supernetwork: Supernetwork): Promise<void> {
    const { config, search } = this.#parts;
    const known = new Map(
      (['a', 'b'] as const).map((output, at) => [
        genotypeKey(parentGenotype(supernetwork, output)),
        this.#parents![at]!,
      ]),
    );
    const judge = async (genotypes: readonly Genotype[]): Promise<ObjectiveVector[]> => {
      const fresh = genotypes.filter((genotype) => !known.has(genotypeKey(genotype)));
      const children = await this.#carryOut(
        1,
        fresh.map((genotype) => this.#order(supernetwork, genotype, [])),
      );
      fresh.forEach((genotype, at) => known.set(genotypeKey(genotype), children[at]!));
      return genotypes.map((genotype) => known.get(genotypeKey(genotype))!.objectives);
    };
    const { evaluated } = await searchSupernetwork(supernetwork, search, judge, {
      budget: config.children,
      rng: this.#rng.fork('search'),
    });
    this.#evaluated = evaluated;
    await this.#closeGeneration(1, [...known.values()]);
  }

  /** Trains the stitches of the best children, by rank and crowding; they stay in the run as they were, too. */
  async tuneBest(supernetwork: Supernetwork): Promise<void> {
    const { populationSize, training } = this.#parts.config;
    const stitched = this.#evaluated.filter(({ genotype }) => activeStitches(supernetwork, genotype).length > 0);
    const best = survive(
      stitched.map(({ objectives }) => objectives),
      populationSize,
    ).map((index) => stitched[index]!.genotype);
    if (training.childEpochs === 0 || best.length === 0) return;
    const orders = best.map((genotype) => this.#order(supernetwork, genotype, activeStitches(supernetwork, genotype)));
    await this.#closeGeneration(2, await this.#carryOut(2, orders));
  }

  /** The front and both models meet the test part. */
  async test(engine: Engine, samples: Samples): Promise<void> {
    const { writer, events } = this.#parts;
    const front = this.#results.front();
    const members = [...new Set([...front, ...this.#parents!])];
    events.onTest?.(members.length);
    const networks = members.map(({ trained }) => trained.network);
    const metrics = await evaluate(engine, networks, samples);
    for (const [at, { id }] of members.entries()) {
      const { error, loss } = metrics[at]!;
      if (Number.isFinite(loss)) writer.append({ type: 'tested', id, test: { error, loss } });
    }
    await writer.writeModels(front);
  }

  #order(supernetwork: Supernetwork, genotype: Genotype, trainable: readonly string[]): Order {
    const active = new Set(activeStitches(supernetwork, genotype));
    const stitches = supernetwork.stitches.filter(({ id }) => active.has(id));
    const [a, b] = this.#parents!;
    const provenance: Provenance = {
      how: 'stitching',
      crossings: stitches.map(({ from, to }) => ({ from: from.node, to: to.node })),
      output: genotype.output,
      fit: stitches.map(({ quality }) => quality!.r2),
      parents: [a.id, b.id],
    };
    return { child: decode(supernetwork, genotype), provenance, trainable };
  }

  /** Evaluates in parallel and commits in order. */
  async #carryOut(generation: number, orders: readonly Order[]): Promise<Individual[]> {
    const { config, executor, writer, events } = this.#parts;
    if (orders.length > 0) events.onEvaluate?.(generation, orders.length);
    const { batchSize, childLearningRate: learningRate, childEpochs, fitSamples } = config.training;
    const candidates = orders.map(({ child, provenance, trainable }) => {
      const id = this.#nextId();
      const epochs = trainable.length > 0 ? childEpochs : 0;
      return {
        id,
        child,
        provenance,
        stitching: null,
        trainable: trainable.length > 0 ? trainable : null,
        budget: { epochs, batchSize, learningRate, fitSamples },
        seed: this.#rng.fork(`job ${id}`).key,
        inherited: noCompute,
        rungs: config.rungs ? this.#results.rungs(child.network) : null,
        latency: false,
      };
    });
    const pending = evaluateAll(executor, candidates);
    const individuals: Individual[] = [];
    for (const [index, candidate] of candidates.entries()) {
      const { individual } = this.#results.add(candidate, await pending[index]!);
      const model = 'failure' in individual.outcome ? null : await writer.saveModel(individual.trained);
      const number = { evaluation: this.#results.evaluations, generation };
      const record = writer.append(individualEvent(individual, candidate, number, model));
      individuals.push(individual);
      if (record.type === 'individual')
        events.onIndividual?.(record, { index: individuals.length, total: orders.length });
    }
    this.#results.difficulty.settle();
    return individuals;
  }

  /** Survivors are those of the front: nothing else is gone on with. */
  async #closeGeneration(generation: number, evaluated: readonly Individual[]): Promise<void> {
    const { writer, events } = this.#parts;
    this.#results.closeGeneration(evaluated);
    const record = writer.append(generationEvent(generation, byMacs(this.#results.front()), this.#results));
    writer.sync();
    await writer.writeFront();
    events.onGeneration?.(record);
  }
}
