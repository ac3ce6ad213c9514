// When to end a training early, and which epoch's weights to keep.
import type { Samples } from '../data/samples.ts';
import type { Targets } from '../engine/engine.ts';
import type { TrainedNetwork } from './training-state.ts';

/** Training ends when the validation loss has not fallen for a while; the best epoch's weights and moments are kept. */
export interface EarlyStopping {
  readonly validation: Samples;
  /** What the loss wants of each validation sample, [count, width] (default: the samples' classes). */
  readonly targets?: Targets;
  /** After how many epochs without a better one to stop: 1 or more. */
  readonly patience: number;
  /** By how much the loss must fall below the best one to count as better (default: 0, any fall). */
  readonly minDelta?: number;
}

/** The best epoch so far. */
export interface BestEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** On the validation samples. */
  readonly loss: number;
  readonly trained: TrainedNetwork;
}

export function isBetter(loss: number, { minDelta = 0 }: EarlyStopping, best: BestEpoch | undefined): boolean {
  return best === undefined || loss < best.loss - minDelta;
}

/** Whether patience is over, after so many epochs. */
export function isOver(epochs: number, { patience }: EarlyStopping, best: BestEpoch | undefined): boolean {
  return best !== undefined && epochs - best.epoch >= patience;
}
