// The contract of an optimiser: how a step changes one entry in float64, and whole vectors as ONNX operations.
import type { OnnxGraph, OnnxValue } from '../../engine/onnx/onnx-graph.ts';

/** A value and what the optimiser remembers of it. */
export interface Entry<Slot extends string = string> {
  readonly value: number;
  readonly slots: Readonly<Record<Slot, number>>;
}

/** What an update may depend on beside the value and its gradient. */
export interface EntryFacts {
  /** How many updates the entry has had, this one included: at least 1. */
  readonly age: number;
  /** Whether weight decay applies to it (`ParamFacts.decays`). */
  readonly decays: boolean;
}

/** The same for all entries at once: vectors of one length, and numbers of shape [1]. */
export interface EntryVectors<Slot extends string = string> {
  readonly weights: OnnxValue;
  readonly gradients: OnnxValue;
  readonly slots: Readonly<Record<Slot, OnnxValue>>;
  /** This update included; of shape [1] where all entries are of one age. */
  readonly age: OnnxValue;
  readonly learningRate: OnnxValue;
  /** 1 where weight decay applies, 0 elsewhere; made when asked for. */
  readonly decays: () => OnnxValue;
}

/**
 * Name and settings decide everything but the learning rate, which may change with every step.
 *
 * The memory of a parameter holds one tensor for each slot, and the ages. Optimisers with the same slots can take over
 * from each other: the moments of adam mean the same to adamW.
 */
export interface Optimiser<Slot extends string = string> {
  readonly name: string;
  readonly learningRate: number;
  readonly settings: Readonly<Record<string, number>>;
  readonly slots: readonly Slot[];
  update(entry: Entry<Slot>, gradient: number, facts: EntryFacts): Entry<Slot>;
  emitUpdate(graph: OnnxGraph, vectors: EntryVectors<Slot>): Pick<EntryVectors<Slot>, 'weights' | 'slots'>;
}
