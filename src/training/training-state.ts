// What training must remember between steps; it travels with the individual, and operators transform it.
import type { Network } from '../network/network.ts';
import type { Tensor } from '../network/tensor.ts';
import type { TrainingPosition } from './training-position.ts';

/**
 * An optimiser's memory of one parameter: its ages, and a tensor of the parameter's shape for each of the optimiser's
 * slots (adam: `first` and `second`; sgd: `velocity`). By its slots a memory shows what optimiser it belongs to;
 * engines refuse to go on with another.
 *
 * `age` counts the updates each entry has had. Its shape is the parameter's, or [1] where all entries are of one age:
 * entries that a growth step added are younger, and bias correction by their own age keeps their first steps at the
 * learning rate instead of 3 to 6 times it.
 */
export type Moments = Readonly<Record<string, Tensor>> & { readonly age: Tensor };

/** Node id -> parameter name -> moments. What is not listed has never been updated. */
export type MomentsByNode = Readonly<Record<string, Readonly<Record<string, Moments>>>>;

/** The memory of a network's training; operators and stitching hand it on to children. */
export interface TrainingState {
  readonly moments: MomentsByNode;
  /** Where a training that has not ended stands (`Trainer.state`); a new training pays no heed to it. */
  readonly position?: TrainingPosition;
}

/** A network together with the memory of its training: what operators and stitching take and give. */
export interface TrainedNetwork {
  readonly network: Network;
  readonly state: TrainingState;
}

/** The state of a network that has never been trained. */
export const freshTrainingState: TrainingState = { moments: {} };

/** The names of the tensors in a memory that are an optimiser's own, sorted. */
export function slotsOf(moments: Moments): string[] {
  return Object.keys(moments)
    .filter((name) => name !== 'age')
    .sort();
}

/** With which power of the gradient a slot grows: adam's `second` is a mean of squares. */
export function slotPower(slot: string): 1 | 2 {
  return slot === 'second' ? 2 : 1;
}

/** The part of a state that concerns nodes of this network. */
export function restrictState(state: TrainingState, network: Network): TrainingState {
  const present = new Set(network.nodes.map((node) => node.id));
  return { moments: Object.fromEntries(Object.entries(state.moments).filter(([id]) => present.has(id))) };
}
