// What can be chosen about a training, and what it reports.
import type { Augmentation } from '../data/augment.ts';
import type { Targets } from '../engine/engine.ts';
import type { EarlyStopping } from './early-stopping.ts';
import type { Loss, LossMetrics } from './losses/loss.ts';
import type { Optimiser } from './optimisers/optimiser.ts';
import type { Schedule } from './schedules.ts';

/** The settings of a training. Only the first three are needed. */
export interface TrainOptions {
  readonly epochs: number;
  /** Largest batch; an epoch is cut into batches of nearly equal size, so that none is a small remainder. */
  readonly batchSize: number;
  /** Peak learning rate. */
  readonly learningRate: number;
  /** The optimiser at a learning rate, such as `(rate) => sgd(rate, { momentum: 0.9 })` (default: `adam`). */
  readonly optimiser?: (learningRate: number) => Optimiser;
  /** Share of the peak rate over the training (default: a tenth of warm-up, then a cosine to 0). */
  readonly schedule?: Schedule;
  /** Default: softmax cross-entropy. */
  readonly loss?: Loss;
  /** What the loss wants of each sample, [count, width] (default: the samples' classes). */
  readonly targets?: Targets;
  /** The largest norm of all gradients together (default: no limit). */
  readonly clipNorm?: number;
  /** Changes to every training image, in this order, drawn anew each time (default: none). */
  readonly augment?: readonly Augmentation[];
  readonly earlyStopping?: EarlyStopping;
  /** Ids of the nodes to train (default: all). */
  readonly trainable?: ReadonlySet<string>;
  readonly onEpoch?: (progress: EpochProgress) => void;
}

/** How one epoch went. */
export interface EpochProgress {
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean training loss of the epoch, of each batch before its update. */
  readonly loss: number;
  /** Share of training samples that were right before their update; undefined for a loss without right and wrong. */
  readonly accuracy: number | undefined;
  /** Of this epoch's steps; a measured time, so never the same twice. */
  readonly samplesPerSecond: number;
  /** On the samples of early stopping, where there is one. */
  readonly validation: LossMetrics | undefined;
}
