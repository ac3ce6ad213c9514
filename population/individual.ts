// One member of the population: a trained network, what it scored, and where it came from.
import type { TrainedNetwork } from '../src/training/training-state.ts';
import type { Provenance } from './run/journal-events.ts';
import type { ObjectiveVector } from '../src/pareto/dominance.ts';

/** An evaluated network of the population. */
export interface Individual {
  readonly id: string;
  readonly trained: TrainedNetwork;
  /** Validation error and MACs, both minimised; infinite for a failed evaluation. */
  readonly objectives: ObjectiveVector;
  readonly provenance: Provenance;
  /** Training samples that it and all its ancestors went through. */
  readonly samplesSeen: number;
}
