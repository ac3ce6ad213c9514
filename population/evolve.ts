// Runs an evolution from settings to front: data, workers, journal, and the test at the end.
import { availableParallelism } from 'node:os';
import type { Samples } from '../src/data/samples.ts';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { expected, NeurostitchError } from '../src/errors.ts';
import { packageVersion } from '../src/package-root.ts';
import { evaluate } from '../src/training/evaluate.ts';
import { parseConfig, type EvolutionSettings } from './config.ts';
import { Evolution, type EvolutionParts } from './evolution.ts';
import { evaluateCandidate } from './evaluation/evaluate-candidate.ts';
import type { Executor } from './evaluation/executor.ts';
import { loadData } from './evaluation/load-data.ts';
import { stoppableEngine } from './evaluation/stoppable-engine.ts';
import { mostWorkers, workerPool } from './evaluation/worker-pool.ts';
import type { Individual } from './individual.ts';
import type { GenerationRecord, IndividualRecord, RunStarted } from './run/journal-events.ts';
import { requireUnused, RunWriter } from './run/run-directory.ts';
import { operatorLabel, type FrontMember, type RunRecord } from './run/run-record.ts';

/** What happens during a run, as it happens. */
export interface EvolutionEvents {
  /** The data set of this name or folder is about to be loaded. */
  onLoad?(data: string): void;
  onStart?(start: RunStarted): void;
  /** So many candidates were made for this generation (0: the first population), and go to the workers. */
  onAsk?(generation: number, candidates: number): void;
  /** `index` of `total` candidates of the generation are done. */
  onIndividual?(individual: IndividualRecord, progress: { readonly index: number; readonly total: number }): void;
  onGeneration?(generation: GenerationRecord): void;
  /** Selection is over; the front meets the test part. */
  onTest?(members: number): void;
}

/** Where a run goes, and what only code can choose. */
export interface EvolveOptions extends EvolutionParts {
  /** The run's folder, new or empty. */
  readonly out: string;
  /** Worker threads, 1 to 256 (default: one for each core, at most 8). The result does not depend on it. */
  readonly workers?: number;
  /** Stops the run early: what is committed stays, and can be read. */
  readonly signal?: AbortSignal;
}

/** What a run came to. */
export interface EvolutionRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly front: readonly FrontMember[];
}

/**
 * Evolves a population of networks and writes the run's folder.
 *
 * Throws `bad-argument`, `bad-config`, `not-found`, `bad-data`, `bad-network` or `out-exists` before any work is done,
 * `interrupted` where the signal is aborted before there is a folder, `evaluation-failed` where no first network can be
 * trained, and `system-failed` for a full disk and the like.
 */
export async function evolve(
  settings: EvolutionSettings,
  options: EvolveOptions,
  events: EvolutionEvents = {},
): Promise<EvolutionRun> {
  const config = parseConfig(settings);
  const { out, workers, signal } = checkOptions(options);
  requireUnused(out);
  events.onLoad?.(config.data);
  const { splits, ...dataset } = await loadData(config, signal);
  const evolution = new Evolution(config, dataset, options);
  const writer = new RunWriter(out, config);
  const executor = workerPool(workers, splits);
  const stop = (): void => void executor.close();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    const start = writer.append({
      type: 'run',
      version: packageVersion(),
      config,
      dataset: {
        ...dataset,
        shape: [...dataset.shape],
        train: splits.train.count,
        validation: splits.validation.count,
        test: splits.test.count,
      },
      reference: [...evolution.reference],
    });
    events.onStart?.(start);
    const run = { evolution, writer, executor, events };
    try {
      let finished = evolution.finished;
      while (!finished) {
        await runGeneration(run);
        finished = evolution.finished;
      }
      if (finished === 'failed') throw allFailed(writer.record());
      await testFront(run, splits.test, signal);
      writer.append({ type: 'end', reason: finished });
    } catch (error) {
      if (!(error instanceof NeurostitchError && error.code === 'interrupted')) throw error;
      writer.append({ type: 'end', reason: 'interrupted' });
    }
    return { folder: out, record: writer.record(), front: await writer.writeFront() };
  } finally {
    signal?.removeEventListener('abort', stop);
    await executor.close();
    writer.close();
  }
}

/** The options with the default number of workers. JavaScript may have left out anything. */
function checkOptions(options: Partial<EvolveOptions> | undefined): {
  readonly out: string;
  readonly workers: number;
  readonly signal: AbortSignal | undefined;
} {
  const { out, workers = Math.min(availableParallelism(), 8), signal } = options ?? {};
  if (typeof out !== 'string') throw expected('bad-argument', 'options with a folder for the run', out, 'out');
  if (!Number.isSafeInteger(workers) || workers < 1 || workers > mostWorkers)
    throw expected('bad-argument', `a whole number of workers, 1 to ${mostWorkers}`, workers, 'workers');
  return { out, workers, signal };
}

interface RunParts {
  readonly evolution: Evolution;
  readonly writer: RunWriter;
  readonly executor: Executor;
  readonly events: EvolutionEvents;
}

/** Evaluates a generation in parallel and commits it in the order it was asked. */
async function runGeneration({ evolution, writer, executor, events }: RunParts): Promise<void> {
  const candidates = evolution.ask();
  events.onAsk?.(evolution.generation, candidates.length);
  const pending = candidates.map((candidate) => evaluateCandidate(executor, candidate));
  // A rejection must not go unheard while an earlier candidate is still awaited.
  for (const promise of pending) promise.catch(() => undefined);
  for (const [index, candidate] of candidates.entries()) {
    const evaluated = await pending[index]!;
    const { individual, macs, params } = evolution.tell(candidate, evaluated);
    const record = writer.append({
      type: 'individual',
      evaluation: evolution.evaluations,
      generation: evolution.generation,
      id: individual.id,
      provenance: individual.provenance,
      macs,
      params,
      validation: 'failure' in evaluated ? null : evaluated.validation,
      failure: 'failure' in evaluated ? evaluated.failure : null,
      model: 'failure' in evaluated ? null : await writer.saveModel(individual.trained),
      samplesSeen: individual.samplesSeen - candidate.samplesInherited,
      samplesInherited: candidate.samplesInherited,
    });
    events.onIndividual?.(record, { index: index + 1, total: candidates.length });
  }
  const generation = writer.append({
    type: 'generation',
    generation: evolution.generation,
    evaluations: evolution.evaluations,
    survivors: evolution.population().map(({ id }) => id),
    front: byMacs(evolution.front()).map(({ id }) => id),
    hypervolume: evolution.hypervolume(),
  });
  writer.sync();
  await writer.writeFront();
  events.onGeneration?.(generation);
}

/** Front and first population on the test part, in one graph: shared nodes are computed once. */
async function testFront(
  { evolution, writer, events }: RunParts,
  samples: Samples,
  signal: AbortSignal | undefined,
): Promise<void> {
  const front = byMacs(evolution.front());
  const members = [
    ...new Set([...front, ...evolution.firsts().filter(({ objectives }) => objectives.every(Number.isFinite))]),
  ];
  events.onTest?.(members.length);
  const engine = stoppableEngine(onnxEngine(), () => signal?.aborted ?? false);
  const networks = members.map(({ trained }) => trained.network);
  const metrics = await evaluate(engine, networks, samples);
  for (const [index, { id }] of members.entries()) {
    const test = metrics[index]!;
    // What overflows on the test part alone goes without a result, as if it had not been tested.
    if (Number.isFinite(test.loss)) writer.append({ type: 'tested', id, test });
  }
  await writer.writeModels(front);
}

function allFailed({ individuals }: RunRecord): NeurostitchError {
  const [first] = individuals;
  const why = `${operatorLabel(first!.provenance)}: ${first!.failure ?? ''}`;
  return new NeurostitchError('evaluation-failed', `Expected a network that trains, but all failed; ${why}`);
}

function byMacs(individuals: readonly Individual[]): Individual[] {
  return individuals.toSorted((a, b) => a.objectives[1]! - b.objectives[1]!);
}
