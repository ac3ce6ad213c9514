// Where a training that has not ended stands: with the weights and moments, all that it takes to go on exactly.
import type { RandomStreamState } from '../random/stream.ts';
import type { BestEpoch } from './early-stopping.ts';

/** All that a training needs beside weights and moments to go on exactly. */
export interface TrainingPosition {
  /** Steps taken, and steps planned in all. */
  readonly step: number;
  readonly steps: number;
  /** The stream that shuffles, as it was before the epoch of the next step. */
  readonly stream: RandomStreamState;
  /** The stream that layers such as dropout draw from, as the next step finds it. */
  readonly noise: RandomStreamState;
  /** Mean loss and hits of the running epoch, as far as it is done. */
  readonly loss: number;
  readonly correct: number;
  /** The best epoch of early stopping so far. */
  readonly best?: BestEpoch;
}
