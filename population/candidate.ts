// A child that waits to be trained and evaluated.
import type { TrainedNetwork } from '../src/training/training-state.ts';
import type { JobBudget } from './evaluation/job.ts';
import type { Variation } from './variation.ts';

/** A child, how it is to be trained, and the seed of its own draws. */
export interface Candidate extends Variation {
  readonly id: string;
  readonly budget: JobBudget;
  readonly seed: string;
  /** Training samples that its ancestors went through. */
  readonly samplesInherited: number;
}

/** What evaluation made of a candidate. */
export type Evaluated =
  | {
      readonly trained: TrainedNetwork;
      readonly validation: { readonly error: number; readonly loss: number };
      readonly fit: readonly number[];
      readonly samplesSeen: number;
    }
  | { readonly failure: string };
