// Trains a network on samples: seeded shuffling, Adam, a learning rate that warms up and falls along a cosine.
import { NeurostitchError } from '../errors.ts';
import { batchOf, type Samples } from '../data/samples.ts';
import type { Engine } from '../engine/engine.ts';
import type { RandomStream } from '../random/stream.ts';
import { adam } from './adam.ts';
import type { TrainedNetwork } from './training-state.ts';

export interface TrainOptions {
  readonly epochs: number;
  /** Largest batch; an epoch is cut into batches of nearly equal size, so that none is a small remainder. */
  readonly batchSize: number;
  /** Peak learning rate of Adam. */
  readonly learningRate: number;
  /** Ids of the nodes to train (default: all). */
  readonly trainable?: ReadonlySet<string>;
  readonly onEpoch?: (progress: EpochProgress) => void;
  /** Asked before every step; true stops training with the error `interrupted`. */
  readonly shouldStop?: () => boolean;
}

export interface EpochProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Mean training loss of the epoch, in nats. */
  readonly loss: number;
  /** Share of training samples that were right before their update. */
  readonly accuracy: number;
}

export interface TrainResult extends TrainedNetwork {
  /** Mean training loss of the last epoch; NaN where no epoch was asked for. */
  readonly loss: number;
  /** Samples that went through a training step. */
  readonly samplesSeen: number;
}

/** Throws `evaluation-failed` when the loss stops being finite, `interrupted` when told to stop. */
export async function train(
  engine: Engine,
  { network, state }: TrainedNetwork,
  samples: Samples,
  options: TrainOptions,
  rng: RandomStream,
): Promise<TrainResult> {
  const { epochs, batchSize, learningRate, trainable, onEpoch, shouldStop } = options;
  if (epochs === 0) return { network, state, loss: NaN, samplesSeen: 0 };
  const program = await engine.compile([network], trainable ? { state, trainable } : { state });
  try {
    const batches = Math.ceil(samples.count / batchSize);
    let loss = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = rng.shuffle(Array.from(samples.labels.keys()));
      let correct = 0;
      loss = 0;
      for (let index = 0; index < batches; index++) {
        if (shouldStop?.()) throw new NeurostitchError('interrupted', 'Training was told to stop');
        const from = Math.floor((index * samples.count) / batches);
        const to = Math.floor(((index + 1) * samples.count) / batches);
        const batch = batchOf(samples, order.slice(from, to));
        const progress = (epoch * batches + index) / (epochs * batches);
        const metrics = await program.step(batch, batch.targets, adam(learningRate * learningRateShare(progress)));
        if (!Number.isFinite(metrics.loss)) {
          throw new NeurostitchError(
            'evaluation-failed',
            `Expected a finite training loss, got ${metrics.loss} in epoch ${epoch + 1}, batch ${index + 1}`,
          );
        }
        loss += (metrics.loss * batch.size) / samples.count;
        correct += metrics.correct;
      }
      onEpoch?.({ epoch: epoch + 1, epochs, loss, accuracy: correct / samples.count });
    }
    return { ...program.snapshot(), loss, samplesSeen: epochs * samples.count };
  } finally {
    await program.dispose();
  }
}

const warmUp = 0.1;

/** Share of the peak learning rate: a linear warm-up, then half a cosine down to 0 (Loshchilov and Hutter 2017). */
function learningRateShare(progress: number): number {
  if (progress < warmUp) return (progress + 0.01) / (warmUp + 0.01);
  return 0.5 * (1 + Math.cos((Math.PI * (progress - warmUp)) / (1 - warmUp)));
}
