// The thread that loads a data set and splits it.
import { loadDataset } from '../../src/data/dataset.ts';
import { NeurostitchError } from '../../src/errors.ts';
import { splitData, type DataOrder, type LoadedData, type LoadFailure } from './load-data.ts';

export default async function load({ data, ...order }: DataOrder): Promise<LoadedData | LoadFailure> {
  try {
    return splitData(await loadDataset(data), order);
  } catch (error) {
    if (!(error instanceof NeurostitchError)) throw error;
    return { failure: { code: error.code, message: error.message, path: error.path } };
  }
}
