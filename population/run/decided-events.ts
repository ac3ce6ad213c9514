// What the journal says about a decision: written when it is made, and compared when a resumed run makes it again.
import { packageVersion } from '../../src/package-root.ts';
import type { Candidate, Evaluated } from '../candidate.ts';
import type { EvolutionConfig } from '../config.ts';
import { jobIdOf } from '../evaluation/evaluate-candidate.ts';
import type { LoadedData } from '../evaluation/load-data.ts';
import type { Evolution, EvolutionParts, Told } from '../evolution.ts';
import type { Individual } from '../individual.ts';
import type { GenerationRecord, IndividualRecord, RunStarted } from './journal-events.ts';

type Untimed<E> = Omit<E, 'at'>;

/** The names of what code put into a run. */
export function givenParts(parts: EvolutionParts): readonly (keyof EvolutionParts)[] {
  return (['first', 'operators'] as const).filter((part) => parts[part] !== undefined);
}

export function startedEvent(
  config: EvolutionConfig,
  { splits, ...dataset }: LoadedData,
  { reference }: Evolution,
  parts: readonly (keyof EvolutionParts)[],
): Untimed<RunStarted> {
  return {
    type: 'run',
    by: 'evolve',
    ...(parts.length > 0 && { parts: [...parts] }),
    version: packageVersion(),
    config,
    dataset: {
      ...dataset,
      shape: [...dataset.shape],
      train: splits.train.count,
      validation: splits.validation.count,
      test: splits.test.count,
    },
    reference: [...reference],
  };
}

/** The candidate that `evolution` was told last. `model` is the hash of its blob. */
export function individualEvent(
  evolution: Evolution,
  candidate: Candidate,
  evaluated: Evaluated,
  { individual, macs, params }: Told,
  model: string | null,
): Untimed<IndividualRecord> {
  return {
    type: 'individual',
    evaluation: evolution.evaluations,
    generation: evolution.generation,
    id: individual.id,
    job: jobIdOf(candidate),
    provenance: individual.provenance,
    macs,
    params,
    validation: 'failure' in evaluated ? null : evaluated.validation,
    failure: 'failure' in evaluated ? evaluated.failure : null,
    model,
    samplesSeen: individual.samplesSeen - candidate.samplesInherited,
    samplesInherited: candidate.samplesInherited,
  };
}

/** The generation that `evolution` ended last. */
export function generationEvent(evolution: Evolution): Untimed<GenerationRecord> {
  return {
    type: 'generation',
    generation: evolution.generation,
    evaluations: evolution.evaluations,
    survivors: evolution.population().map(({ id }) => id),
    front: byMacs(evolution.front()).map(({ id }) => id),
    hypervolume: evolution.hypervolume(),
  };
}

export function byMacs(individuals: readonly Individual[]): Individual[] {
  return individuals.toSorted((a, b) => a.objectives[1]! - b.objectives[1]!);
}
