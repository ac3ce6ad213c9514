// The work order for one candidate, and what comes back: plain data, with tensors named by hash.
import type { StitchRegression } from '../../stitching/index.ts';
import { sha256 } from '../../src/store/blob-store.ts';
import type { ModelManifest } from '../../src/store/model-manifest.ts';
import type { Confusion } from '../../src/training/confusion.ts';
import type { Metrics } from '../../src/training/evaluate.ts';
import type { ErrorToBeat } from '../objectives/run-objectives.ts';

/** How long and how fast a candidate is trained. */
export interface JobBudget {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Training samples for the closed-form fit of stitches. */
  readonly fitSamples: number;
}

/** Everything that decides the result. Its id is a hash of the rest, so that doing a job twice is harmless. */
export interface Job {
  readonly id: string;
  readonly model: ModelManifest;
  /** Stitches to fit first, on features of the two intact parents. */
  readonly stitching: {
    readonly parents: readonly [ModelManifest, ModelManifest];
    readonly fits: readonly StitchRegression[];
  } | null;
  /** Ids of the nodes to train; null means all. */
  readonly trainable: readonly string[] | null;
  readonly budget: JobBudget;
  /** Seed of the job's own random stream. */
  readonly seed: string;
  /** What may end the validation early; null means all samples. */
  readonly rungs: {
    /** Validation ends once it cannot be beaten any more; null means all samples. */
    readonly toBeat: ErrorToBeat | null;
    /** Hash of the share of networks that got each validation sample wrong so far, [samples]; null: not known. */
    readonly difficulty: string | null;
  } | null;
  /** Whether to measure the time for one sample. */
  readonly latency: boolean;
}

/** How good a candidate is on the validation part; an estimate where it was not worth looking at all samples. */
export interface Validation extends Metrics {
  /** Looked at. */
  readonly samples: number;
}

/** Multiply-accumulates executed. */
export interface MacsExecuted {
  /** Fits and training steps. */
  readonly training: number;
  readonly evaluation: number;
}

/** The candidate as trained, and how good it is. */
export interface JobSuccess {
  readonly model: ModelManifest;
  readonly validation: Validation;
  readonly confusion: Confusion;
  /** Positions in the validation part of the samples that it got wrong, of those looked at, ascending. */
  readonly mistakes: readonly number[];
  /** Milliseconds for one sample on the worker's engine; null unless the job asks for it. */
  readonly latency: number | null;
  readonly macs: MacsExecuted;
  /** Held-out R^2 of each fitted stitch. */
  readonly fit: readonly number[];
  readonly samplesSeen: number;
}

/** A failure is a result too: the candidate ranks worst, and the run goes on. */
export type JobResult = { readonly success: JobSuccess } | { readonly failure: string };

/** Tensor values by hash. */
export type TensorValues = ReadonlyMap<string, Float32Array<ArrayBuffer>>;

/** A result with those tensors of the model that the job did not bring. */
export interface JobDelivery {
  readonly result: JobResult;
  readonly changed: TensorValues;
}

export function createJob(order: Omit<Job, 'id'>): Job {
  return { id: sha256(JSON.stringify(order)), ...order };
}

/** What is delivered for a job that came to nothing. */
export function failedJob(reason: string): JobDelivery {
  return { result: { failure: reason }, changed: new Map() };
}
