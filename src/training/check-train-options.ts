// The check that the settings of a training make sense, before any work is done.
import { expected } from '../errors.ts';
import type { TrainOptions } from './train-options.ts';

/** Throws `bad-argument`. */
export function checkTrainOptions({ epochs, batchSize, learningRate, clipNorm, earlyStopping }: TrainOptions): void {
  if (!Number.isSafeInteger(epochs) || epochs < 0) throw expected('bad-argument', 'a number of epochs', epochs);
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) throw expected('bad-argument', 'a batch size', batchSize);
  if (!(learningRate >= 0 && learningRate < Infinity)) {
    throw expected('bad-argument', 'a learning rate of 0 or more', learningRate);
  }
  if (clipNorm !== undefined && !(clipNorm > 0)) throw expected('bad-argument', 'a clipNorm above 0', clipNorm);
  const patience = earlyStopping?.patience ?? 1;
  if (!Number.isSafeInteger(patience) || patience < 1) {
    throw expected('bad-argument', 'a patience of 1 epoch or more', patience);
  }
}
