// What individuals are compared by, and held to: the contract of an objective.
import type { Network } from '../../src/network/network.ts';
import type { Confusion } from '../../src/training/confusion.ts';
import type { Validation } from '../evaluation/job.ts';

/** What is known of a network once it was evaluated. */
export interface Measured {
  readonly network: Network;
  /** On the validation part; of fewer samples than all where a rung stopped the evaluation. */
  readonly validation: Validation;
  readonly confusion: Confusion;
  /** Milliseconds for one sample: the median of warmed runs; null unless a `timed` objective asked for it. */
  readonly latency: number | null;
}

/** What every objective says of itself. */
export interface Described {
  /** How settings, flags and the journal call it. */
  readonly name: string;
  /** What axes and tables call it. */
  readonly title: string;
  readonly goal: 'minimise' | 'maximise';
  /** The best value there can be: 0 for an error or a cost, 1 for an accuracy. */
  readonly ideal: number;
  /**
   * The worst value that counts in the hypervolume. Default: twice as far from the ideal as the worst network of the first
   * population.
   */
  readonly reference?: number;
  /** What a value is followed by, such as "ms"; shares of 1 are shown in percent where it is "%". */
  readonly unit?: string;
}

/** An objective that the network alone decides, known before any training: LEMONADE's "cheap" ones. */
export interface NetworkObjective extends Described {
  readonly of: 'network';
  measure(network: Network): number;
}

/** An objective that takes training and evaluation. */
export interface EvaluationObjective extends Described {
  readonly of: 'evaluation';
  /** Has `latency` measured. What is measured by a clock does not come out the same twice. */
  readonly timed?: true;
  measure(measured: Measured): number;
}

/**
 * Something to minimise or maximise, or to bound by a constraint. `measure` is called in the main thread: of an evaluation
 * once for each individual, of a network whenever its value is needed, so there it is to give the same each time. It must
 * give a finite number no better than `ideal`; where it throws, gives another, or writes into what it is given, which is
 * undone, the individual counts as failed.
 */
export type Objective = NetworkObjective | EvaluationObjective;
