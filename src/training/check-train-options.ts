// The check that the samples and settings of a training make sense, before any work is done.
import type { Samples } from '../data/samples.ts';
import { checkClipNorm } from '../engine/check-clip-norm.ts';
import { expected } from '../errors.ts';
import type { TrainOptions } from './train-options.ts';

/** Throws `bad-argument`. */
export function checkTrainOptions(
  { count }: Samples,
  { epochs, batchSize, learningRate, clipNorm, earlyStopping }: TrainOptions,
): void {
  if (count === 0) throw expected('bad-argument', 'samples to train on', count);
  if (!Number.isSafeInteger(epochs) || epochs < 0) throw expected('bad-argument', 'a number of epochs', epochs);
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) throw expected('bad-argument', 'a batch size', batchSize);
  if (!(learningRate >= 0 && learningRate < Infinity)) {
    throw expected('bad-argument', 'a learning rate of 0 or more', learningRate);
  }
  checkClipNorm(clipNorm);
  if (!earlyStopping) return;
  const { validation, patience, minDelta = 0 } = earlyStopping;
  if (validation.count === 0) throw expected('bad-argument', 'validation samples', validation.count);
  if (!(minDelta >= 0)) throw expected('bad-argument', 'a minDelta of 0 or more', minDelta);
  if (!Number.isSafeInteger(patience) || patience < 1) {
    throw expected('bad-argument', 'a patience of 1 epoch or more', patience);
  }
}
