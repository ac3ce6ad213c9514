// A recombination under way: what was evaluated so far, and what the journal says of it.
import type { Samples } from '../src/data/samples.ts';
import type { Engine } from '../src/engine/engine.ts';
import { NeurostitchError } from '../src/errors.ts';
import { costOf } from '../src/network/cost.ts';
import { Archive } from '../src/pareto/archive.ts';
import type { ObjectiveVector } from '../src/pareto/dominance.ts';
import { hypervolumeShare } from '../src/pareto/hypervolume.ts';
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
import type { Candidate, Evaluated } from './candidate.ts';
import type { EvolutionConfig } from './config.ts';
import { evaluateCandidate, jobIdOf } from './evaluation/evaluate-candidate.ts';
import type { Executor } from './evaluation/executor.ts';
import type { EvolutionEvents } from './evolve.ts';
import type { NamedModel } from './recombine.ts';
import type { IndividualRecord, Provenance } from './run/journal-events.ts';
import type { RunWriter } from './run/run-directory.ts';

/** What a recombination works with. */
export interface RecombinationParts {
  readonly config: EvolutionConfig;
  readonly search: SearchAlgorithmName;
  readonly writer: RunWriter;
  readonly executor: Executor;
  /** Of the hypervolume: validation error and MACs. */
  readonly reference: ObjectiveVector;
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
  readonly #archive = new Archive<IndividualRecord>();
  readonly #trained = new Map<string, TrainedNetwork>();
  #evaluations = 0;
  #evaluated: readonly EvaluatedGenotype[] = [];
  #parents: readonly [IndividualRecord, IndividualRecord] | undefined;

  constructor(parts: RecombinationParts) {
    this.#parts = parts;
    this.#rng = RandomStream.fromSeed(parts.config.seed);
    this.#nextId = idGenerator(this.#rng.fork('ids'));
  }

  /** Throws `evaluation-failed` where a model cannot be evaluated. */
  async addModels(models: readonly [NamedModel, NamedModel]): Promise<void> {
    const orders = models.map(({ name, trained }): Order => {
      return { child: trained, provenance: { how: 'first', name, parents: [] }, trainable: [] };
    });
    const [a, b] = await this.#carryOut(0, orders);
    for (const { provenance, failure } of [a!, b!]) {
      if (failure !== null && provenance.how === 'first') {
        throw new NeurostitchError('evaluation-failed', `Expected a model that runs, ${provenance.name}: ${failure}`);
      }
    }
    this.#parents = [a!, b!];
    await this.#closeGeneration(0);
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
      const records = await this.#carryOut(
        1,
        fresh.map((genotype) => this.#order(supernetwork, genotype, [])),
      );
      fresh.forEach((genotype, at) => known.set(genotypeKey(genotype), records[at]!));
      return genotypes.map((genotype) => objectivesOf(known.get(genotypeKey(genotype))!));
    };
    const { evaluated } = await searchSupernetwork(supernetwork, search, judge, {
      budget: config.children,
      rng: this.#rng.fork('search'),
    });
    this.#evaluated = evaluated;
    await this.#closeGeneration(1);
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
    await this.#carryOut(2, orders);
    await this.#closeGeneration(2);
  }

  /** The front and both models meet the test part. */
  async test(engine: Engine, samples: Samples): Promise<void> {
    const { writer, events } = this.#parts;
    const front = this.#archive.members().map(({ id }) => id);
    const ids = [...new Set([...front, ...this.#parents!.map(({ id }) => id)])];
    events.onTest?.(ids.length);
    const metrics = await evaluate(
      engine,
      ids.map((id) => this.#trained.get(id)!.network),
      samples,
    );
    ids.forEach((id, at) => {
      const { error, loss } = metrics[at]!;
      if (Number.isFinite(loss)) writer.append({ type: 'tested', id, test: { error, loss } });
    });
    await writer.writeModels(front.map((id) => ({ id, trained: this.#trained.get(id)! })));
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
  async #carryOut(generation: number, orders: readonly Order[]): Promise<IndividualRecord[]> {
    const { config, executor, events } = this.#parts;
    if (orders.length > 0) events.onEvaluate?.(generation, orders.length);
    const { batchSize, childLearningRate: learningRate, childEpochs, fitSamples } = config.training;
    const pending = orders.map(({ child, provenance, trainable }) => {
      const id = this.#nextId();
      const epochs = trainable.length > 0 ? childEpochs : 0;
      const candidate = {
        id,
        child,
        provenance,
        stitching: null,
        trainable: trainable.length > 0 ? trainable : null,
        budget: { epochs, batchSize, learningRate, fitSamples },
        seed: this.#rng.fork(`job ${id}`).key,
        samplesInherited: 0,
      };
      const evaluated = evaluateCandidate(executor, candidate);
      // A rejection must not go unheard while an earlier one is still awaited.
      evaluated.catch(() => undefined);
      return { candidate, evaluated };
    });
    const records: IndividualRecord[] = [];
    for (const { candidate, evaluated } of pending) {
      const record = await this.#commit(generation, candidate, await evaluated);
      records.push(record);
      events.onIndividual?.(record, { index: records.length, total: orders.length });
    }
    return records;
  }

  async #commit(generation: number, candidate: Candidate, evaluated: Evaluated): Promise<IndividualRecord> {
    const { writer } = this.#parts;
    const { id, child, provenance } = candidate;
    const failed = 'failure' in evaluated;
    const trained = failed ? child : evaluated.trained;
    const record = writer.append({
      type: 'individual',
      evaluation: ++this.#evaluations,
      generation,
      id,
      job: jobIdOf(candidate),
      provenance,
      ...costOf(trained.network),
      validation: failed ? null : evaluated.validation,
      failure: failed ? evaluated.failure : null,
      model: failed ? null : await writer.saveModel(trained),
      samplesSeen: failed ? 0 : evaluated.samplesSeen,
      samplesInherited: 0,
    });
    if (!failed) {
      this.#trained.set(id, trained);
      this.#archive.add(record, objectivesOf(record));
    }
    return record;
  }

  async #closeGeneration(generation: number): Promise<void> {
    const { writer, reference, events } = this.#parts;
    const front = this.#archive.members().sort((one, other) => one.macs - other.macs);
    const ids = front.map(({ id }) => id);
    const record = writer.append({
      type: 'generation',
      generation,
      evaluations: this.#evaluations,
      survivors: ids,
      front: ids,
      hypervolume: hypervolumeShare(front.map(objectivesOf), reference),
    });
    writer.sync();
    await writer.writeFront();
    events.onGeneration?.(record);
  }
}

function objectivesOf({ validation, macs }: IndividualRecord): ObjectiveVector {
  return validation ? [validation.error, macs] : [Infinity, Infinity];
}
