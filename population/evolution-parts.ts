// What code can put into an evolution, and a settings file cannot.
import type { Operator } from '../operators/index.ts';
import type { Dataset } from '../src/data/dataset.ts';
import type { StitchType } from '../stitching/index.ts';
import type { NamedNetwork } from './first-population.ts';
import type { Individual } from './individual.ts';
import type { Objective } from './objectives/objective.ts';
import type { Compute } from './run/journal-events.ts';
import type { Selection } from './selection/selection.ts';

/** How far an evolution has come, at the end of a generation. */
export interface Progress {
  readonly generation: number;
  readonly evaluations: number;
  readonly spent: Compute;
  /** After each generation so far, the last one included. */
  readonly hypervolumes: readonly number[];
  readonly front: readonly Individual[];
}

/** One more reason to stop. */
export interface StoppingRule {
  readonly name: string;
  /**
   * Asked once after each generation; to be decided by `progress` alone, or a resumed run may end elsewhere. What it writes
   * into `progress` is undone, and ends the run with `bad-argument`.
   */
  shouldStop(progress: Progress): boolean;
}

/** What can be put in by code, but not by a config file. */
export interface EvolutionParts {
  /** The first population; each network is trained for the settings' `firstEpochs` (default: six small networks). */
  readonly first?: readonly NamedNetwork[];
  /** The mutation operators (default: all); where the settings name some, these are found here and among the built-in ones. */
  readonly operators?: readonly Operator[];
  /** Objectives of one's own, for settings to name beside the built-in ones. */
  readonly objectives?: readonly Objective[];
  /** Selections of one's own, for settings to name beside the built-in ones. */
  readonly selections?: readonly Selection[];
  /** The stitch types (default: all); the first that joins two tensors is taken. */
  readonly stitchTypes?: readonly StitchType[];
  /** Rules that end the run beside the settings' limits. */
  readonly stop?: readonly StoppingRule[];
}

/** What a whole run can be given by code. */
export interface RunParts extends EvolutionParts {
  /** The data, in place of what the settings' `data` names; that then is only what the run calls it. */
  readonly dataset?: Dataset;
}

export const partNames = [
  'first',
  'operators',
  'objectives',
  'selections',
  'stitchTypes',
  'stop',
  'dataset',
] as const satisfies readonly (keyof RunParts)[];

/** The names of what code gave. */
export function givenParts(parts: RunParts): (keyof RunParts)[] {
  return partNames.filter((part) => parts[part] !== undefined);
}
