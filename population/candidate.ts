// A child that waits to be trained and evaluated, and what became of it.
import type { Confusion } from '../src/training/confusion.ts';
import type { Tensor } from '../src/network/tensor.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import type { JobBudget, MacsExecuted, Validation } from './evaluation/job.ts';
import type { ObjectiveValues } from './objectives/compare.ts';
import type { ErrorToBeat } from './objectives/run-objectives.ts';
import type { Compute } from './run/journal-events.ts';
import type { Variation } from './variation.ts';

/** A child, how it is to be trained and evaluated, and the seed of its own draws. */
export interface Candidate extends Variation {
  readonly id: string;
  readonly budget: JobBudget;
  readonly seed: string;
  /** What its ancestors took. */
  readonly inherited: Compute;
  /** Of a run with rungs; null: its validation goes on to the last sample, and its mistakes are not kept. */
  readonly rungs: {
    /** Null: its validation goes on to the last sample. */
    readonly toBeat: ErrorToBeat | null;
    /** Of each validation sample, the share of networks that got it wrong so far, [samples]; null: not known. */
    readonly difficulty: Tensor | null;
  } | null;
  /** Whether an objective wants its latency measured. */
  readonly latency: boolean;
}

/** What evaluation made of a candidate that trained. */
export interface Success {
  readonly trained: TrainedNetwork;
  readonly validation: Validation;
  readonly confusion: Confusion;
  /** Positions in the validation part of the samples that it got wrong, of those looked at, ascending. */
  readonly mistakes: readonly number[];
  /** Milliseconds for one sample; null where it was not asked for. */
  readonly latency: number | null;
  /** Held-out R^2 of each fitted stitch. */
  readonly fit: readonly number[];
  readonly samplesSeen: number;
  readonly macs: MacsExecuted;
  /** The values of the objectives, where they are known from before: only what the network alone decides is measured again. */
  readonly values?: ObjectiveValues;
}

/** What evaluation made of a candidate. */
export type Evaluated =
  | Success
  | {
      readonly failure: string;
      /** What it took until then, as far as that is known. */
      readonly spent?: Compute;
    };
