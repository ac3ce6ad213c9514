// The error of a training whose loss or weights are no longer finite; it carries the last good weights.
import { NeurostitchError } from '../errors.ts';
import type { TrainedNetwork } from './training-state.ts';

/** Thrown where the loss or the weights of a training are no longer finite. */
export class TrainingDiverged extends NeurostitchError {
  /** As of the end of the last epoch that a finite loss followed, or as given to training. */
  readonly lastGood: TrainedNetwork;

  /** The code is `evaluation-failed`. */
  constructor(message: string, lastGood: TrainedNetwork) {
    super('evaluation-failed', message);
    this.lastGood = lastGood;
  }
}
