// A child that waits to be trained and evaluated.
import type { StitchRegression } from '../stitching/index.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import type { JobBudget } from './evaluation/job.ts';
import type { Provenance } from './run/journal-events.ts';

export interface Candidate {
  readonly id: string;
  readonly provenance: Provenance;
  readonly child: TrainedNetwork;
  /** For stitched children: the intact parents, and which stitches to fit between their features. */
  readonly stitching: {
    readonly parents: readonly [TrainedNetwork, TrainedNetwork];
    readonly fits: readonly StitchRegression[];
  } | null;
  /** Ids of the nodes to train; null means all. */
  readonly trainable: readonly string[] | null;
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
