// Starts a new run: checks what is asked for, loads the data, and writes the run's folder.
import { availableParallelism } from 'node:os';
import { requireDataset } from '../src/data/check-dataset.ts';
import { expected } from '../src/errors.ts';
import { parseConfig, wholeNumberWords, type EvolutionSettings } from './config.ts';
import { chooseParts } from './chosen-parts.ts';
import { Evolution } from './evolution.ts';
import { givenParts, type RunParts } from './evolution-parts.ts';
import { loadData, splitData } from './evaluation/load-data.ts';
import { mostWorkers } from './evaluation/worker-pool.ts';
import { runEvolution } from './run-evolution.ts';
import { startedEvent, type RunOrigin } from './run/decided-events.ts';
import type { GenerationRecord, IndividualRecord, RunStarted } from './run/journal-events.ts';
import type { FrontMember, RunRecord } from './run/run-record.ts';
import { requireFolderName, requireUnused, RunWriter } from './run/run-directory.ts';

/** What happens during a run, as it happens. */
export interface EvolutionEvents {
  /** The data set of this name or folder is about to be loaded. */
  onLoad?(data: string): void;
  onStart?(start: RunStarted): void;
  /** A run goes on from here: this is what was committed before. Follows `onStart`. */
  onResume?(past: RunRecord): void;
  /** Candidates are about to be made for this generation (0: the first population). */
  onAsk?(generation: number): void;
  /** So many candidates were made for this generation, and go to the workers. */
  onEvaluate?(generation: number, candidates: number): void;
  /** `index` of `total` candidates of the generation are done. */
  onIndividual?(individual: IndividualRecord, progress: { readonly index: number; readonly total: number }): void;
  onGeneration?(generation: GenerationRecord): void;
  /** Selection is over; the front meets the test part. */
  onTest?(members: number): void;
}

/** The parts that only code can give, which decide the result, and how the run is carried out, which does not. */
export interface RunOptions extends RunParts {
  /** Worker threads, 1 to 256 (default: one for each core, at most 8). The result does not depend on it. */
  readonly workers?: number;
  /** Stops the run early: what is committed stays, and can be read or resumed. */
  readonly signal?: AbortSignal;
}

/** Where a run goes, and how it is carried out. */
export interface EvolveOptions extends RunOptions {
  /** The run's folder, new or empty. */
  readonly out: string;
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
 * trained, and `system-failed` for a full disk and the like, after which `resume` goes on.
 */
export async function evolve(
  settings: EvolutionSettings,
  options: EvolveOptions,
  events: EvolutionEvents = {},
): Promise<EvolutionRun> {
  const config = parseConfig(settings);
  // JavaScript may have left out anything.
  const { out, ...given }: Partial<EvolveOptions> = { ...options };
  requireFolderName(out, 'out');
  const workers = checkWorkers(given);
  const signal = checkSignal(given);
  requireUnused(out);
  if (given.dataset !== undefined) requireDataset(given.dataset, 'dataset');
  chooseParts(config, given);
  events.onLoad?.(config.data);
  const data = given.dataset ? splitData(given.dataset, config) : await loadData(config, signal);
  const evolution = new Evolution(config, data, given);
  const writer = RunWriter.create(out, config);
  try {
    const start = writer.append(startedEvent(config, data, evolution.objectives, originOf(given)));
    events.onStart?.(start);
    const { engine, maxSeconds } = config;
    return await runEvolution({ evolution, writer, splits: data.splits, workers, engine, maxSeconds, signal, events });
  } finally {
    writer.close();
  }
}

/** Of a run that `evolve` begins with these parts. */
export function originOf(given: RunParts): RunOrigin {
  const parts = givenParts(given);
  return { by: 'evolve', ...(parts.length > 0 && { parts }) };
}

/** The number of workers, or its default. Throws `bad-argument`. */
export function checkWorkers({ workers = Math.min(availableParallelism(), 8) }: RunOptions): number {
  if (!Number.isSafeInteger(workers) || workers < 1 || workers > mostWorkers)
    throw expected('bad-argument', wholeNumberWords(1, mostWorkers), workers, 'workers');
  return workers;
}

/** The signal, if there is one. Throws `bad-argument` for what is none. */
export function checkSignal({ signal }: RunOptions): AbortSignal | undefined {
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw expected('bad-argument', 'an AbortSignal', signal, 'signal');
  return signal;
}
