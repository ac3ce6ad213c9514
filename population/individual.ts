// One member of the population: a trained network, what it scored, and where it came from.
import type { NetworkCost } from '../src/network/cost.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import type { Success } from './candidate.ts';
import type { ObjectiveValues } from './objectives/compare.ts';
import type { Compute } from './run/journal-events.ts';
import type { Scored } from './selection/selection.ts';
import type { Variation } from './variation.ts';

/** An evaluated network. */
export interface Individual extends Scored {
  readonly id: string;
  readonly trained: TrainedNetwork;
  readonly provenance: Variation['provenance'];
  readonly cost: NetworkCost;
  /** How the evaluation went; in a failed one, why. */
  readonly outcome:
    (Pick<Success, 'validation' | 'mistakes'> & { readonly values: ObjectiveValues }) | { readonly failure: string };
  readonly spent: Compute;
  readonly inherited: Compute;
}
