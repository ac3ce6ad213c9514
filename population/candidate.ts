// A child that waits to be trained and evaluated.
import type { StitchRegression } from '../stitching/index.ts';
import { toManifest, type ModelManifest } from '../src/store/model-manifest.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import { createJob, type Job, type JobBudget, type TensorValues } from './evaluation/job.ts';
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

/** The candidate as a job, with the tensors that the job names. */
export function jobOf(candidate: Candidate): { readonly job: Job; readonly tensors: TensorValues } {
  const tensors = new Map<string, Float32Array<ArrayBuffer>>();
  const pack = (trained: TrainedNetwork): ModelManifest => {
    const packed = toManifest(trained);
    for (const [hash, { data }] of packed.tensors) tensors.set(hash, data);
    return packed.manifest;
  };
  const { child, stitching, trainable, budget, seed } = candidate;
  const parents = stitching?.parents.map(({ network }) => pack({ network, state: { moments: {} } }));
  const job = createJob({
    model: pack(child),
    stitching: stitching && { parents: parents as [ModelManifest, ModelManifest], fits: stitching.fits },
    trainable,
    budget,
    seed,
  });
  return { job, tensors };
}
