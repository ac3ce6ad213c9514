// Trains a network on samples, all epochs in one go.
import type { Samples } from '../data/samples.ts';
import type { Engine } from '../engine/engine.ts';
import type { RandomStream } from '../random/stream.ts';
import type { TrainOptions } from './train-options.ts';
import { Trainer, type TrainResult } from './trainer.ts';
import type { TrainedNetwork } from './training-state.ts';

/**
 * Unless told otherwise by Adam on the softmax cross-entropy, with a learning rate that warms up over a tenth of the
 * training and falls along a cosine. Every draw comes from `rng`: equal arguments give equal weights.
 *
 * Throws `evaluation-failed` (a `TrainingDiverged`, with the last good weights) when the loss stops being finite. To save
 * and resume a training in its midst, see `Trainer`.
 */
export async function train(
  engine: Engine,
  trained: TrainedNetwork,
  samples: Samples,
  options: TrainOptions,
  rng: RandomStream,
): Promise<TrainResult> {
  if (options.epochs === 0) return { ...trained, loss: NaN, samplesSeen: 0, best: undefined };
  const trainer = await Trainer.start(engine, trained, samples, options, rng);
  try {
    while (!trainer.finished) await trainer.step();
    return await trainer.result();
  } finally {
    await trainer.dispose();
  }
}
