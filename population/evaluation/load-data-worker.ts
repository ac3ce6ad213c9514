// The thread that loads a data set and splits it.
import { loadDataset } from '../../src/data/dataset.ts';
import { splitDataset } from '../../src/data/split.ts';
import { NeurostitchError } from '../../src/errors.ts';
import { RandomStream } from '../../src/random/stream.ts';
import type { DataOrder, LoadedData, LoadFailure } from './load-data.ts';

export default async function load({ data, split, seed }: DataOrder): Promise<LoadedData | LoadFailure> {
  try {
    const dataset = await loadDataset(data);
    const splits = splitDataset(dataset, split, RandomStream.fromSeed(seed).fork('split'));
    const { shape, classes } = dataset.samples;
    return { name: dataset.name, hash: dataset.hash, shape, classes, splits };
  } catch (error) {
    if (!(error instanceof NeurostitchError)) throw error;
    return { failure: { code: error.code, message: error.message, path: error.path } };
  }
}
