// What training must remember between steps; it travels with the individual, and operators transform it.
import type { Network } from '../network/network.ts';
import type { Tensor } from '../network/tensor.ts';

/**
 * Adam's memory of one parameter.
 *
 * `age` counts the updates each entry has had. Its shape is the parameter's, or [1] where all entries are of one age:
 * entries that a growth step added are younger, and bias correction by their own age keeps their first steps at the
 * learning rate instead of 3 to 6 times it.
 */
export interface Moments {
  readonly first: Tensor;
  readonly second: Tensor;
  readonly age: Tensor;
}

/** Node id -> parameter name -> moments. What is not listed has never been updated. */
export interface TrainingState {
  readonly moments: Readonly<Record<string, Readonly<Record<string, Moments>>>>;
}

/** A network together with the memory of its training: what operators and stitching take and give. */
export interface TrainedNetwork {
  readonly network: Network;
  readonly state: TrainingState;
}

export const freshTrainingState: TrainingState = { moments: {} };

/** The part of a state that concerns nodes of this network. */
export function restrictState(state: TrainingState, network: Network): TrainingState {
  const present = new Set(network.nodes.map((node) => node.id));
  return { moments: Object.fromEntries(Object.entries(state.moments).filter(([id]) => present.has(id))) };
}
