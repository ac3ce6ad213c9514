// Where a training that has not ended stands: with the weights and moments, all that it takes to go on exactly.
import { z } from 'zod';
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

const stream = z.strictObject({ key: z.string(), generator: z.array(z.int()).length(4) });
const count = z.int().min(0);

/** A position as JSON. Each file format adds the best epoch in its own way: that has tensors. */
export const positionFields = z.strictObject({
  step: count,
  steps: count,
  stream,
  noise: stream,
  loss: z.number(),
  correct: count,
});
