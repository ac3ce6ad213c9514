// Loads and splits a data set in a thread of its own: this one stays free to show progress and to hear Ctrl-C.
import type { Dataset } from '../../src/data/dataset.ts';
import { splitDataset, type Splits } from '../../src/data/split.ts';
import { NeurostitchError, type ErrorCode } from '../../src/errors.ts';
import type { Shape } from '../../src/network/tensor.ts';
import { RandomStream } from '../../src/random/stream.ts';
import type { EvolutionConfig } from '../config.ts';
import { threadModule, threads } from './threads.ts';

export type DataOrder = Pick<EvolutionConfig, 'data' | 'split' | 'seed'>;

/** A data set ready for a run. Samples lie in shared memory, so no thread copies them. */
export interface LoadedData {
  readonly name: string;
  /** SHA-256 of all inputs and labels. */
  readonly hash: string;
  /** Of one sample. */
  readonly shape: Shape;
  readonly classes: number;
  readonly splits: Splits;
}

/** Errors lose their class on the way between threads. */
export interface LoadFailure {
  readonly failure: { readonly code: ErrorCode; readonly message: string; readonly path: string | undefined };
}

/** Throws what `loadDataset` and `splitDataset` throw, and `interrupted` once the signal is aborted. */
export async function loadData(order: DataOrder, signal?: AbortSignal): Promise<LoadedData> {
  const pool = threads(threadModule('load-data-worker'), 1);
  try {
    const delivery = (await pool.run(order, { signal: signal ?? null })) as LoadedData | LoadFailure;
    if (!('failure' in delivery)) return delivery;
    const { code, message, path } = delivery.failure;
    throw new NeurostitchError(code, message, path === undefined ? {} : { path });
  } catch (cause) {
    if (!signal?.aborted) throw cause;
    throw new NeurostitchError('interrupted', 'Interrupted while data was loaded; nothing was written', { cause });
  } finally {
    await pool.destroy();
  }
}

/** A data set that is in memory already. Throws what `splitDataset` throws. */
export function splitData(dataset: Dataset, { split, seed }: Omit<DataOrder, 'data'>): LoadedData {
  const splits = splitDataset(dataset, split, RandomStream.fromSeed(seed).fork('split'));
  const { shape, classes } = dataset.samples;
  return { name: dataset.name, hash: dataset.hash, shape, classes, splits };
}
