// What the journal says about a decision: written when it is made, and compared when a resumed run makes it again.
import { packageVersion } from '../../src/package-root.ts';
import type { Candidate } from '../candidate.ts';
import type { EvolutionConfig } from '../config.ts';
import { jobIdOf } from '../evaluation/evaluate-candidate.ts';
import type { LoadedData } from '../evaluation/load-data.ts';
import type { Individual } from '../individual.ts';
import type { Results } from '../results.ts';
import type {
  ControlRecord,
  GenerationRecord,
  IndividualRecord,
  ObjectiveDescription,
  RunStarted,
} from './journal-events.ts';
import { machine } from './machine.ts';

type Untimed<E> = Omit<E, 'at' | 'check'>;

/** What began a run, and what code gave it. */
export type RunOrigin = Pick<RunStarted, 'by' | 'parts' | 'search'>;

export function startedEvent(
  config: EvolutionConfig,
  { splits, ...dataset }: LoadedData,
  objectives: readonly ObjectiveDescription[],
  origin: RunOrigin,
): Untimed<RunStarted> {
  return {
    type: 'run',
    ...origin,
    version: packageVersion(),
    machine: machine(),
    config,
    dataset: {
      ...dataset,
      shape: [...dataset.shape],
      train: splits.train.count,
      validation: splits.validation.count,
      test: splits.test.count,
    },
    objectives: [...objectives],
  };
}

/** What was committed as the evaluation of this number. `model` is the hash of its blob. */
export function individualEvent(
  { id, provenance, cost, outcome, violation, spent, inherited }: Individual,
  candidate: Candidate,
  { evaluation, generation }: Pick<IndividualRecord, 'evaluation' | 'generation'>,
  model: string | null,
): Untimed<IndividualRecord> | Untimed<ControlRecord> {
  const failed = 'failure' in outcome;
  const common = {
    evaluation,
    generation,
    id,
    job: jobIdOf(candidate),
    ...cost,
    validation: failed ? null : outcome.validation,
    ...(candidate.rungs && { mistakes: failed ? [] : [...outcome.mistakes] }),
    values: failed ? null : outcome.values,
    violation: failed ? null : violation,
    failure: failed ? outcome.failure : null,
    model: failed ? null : model,
    spent,
    inherited,
  };
  return provenance.how === 'control'
    ? { type: 'control', ...common, provenance }
    : { type: 'individual', ...common, provenance };
}

/** The generation that ended last. */
export function generationEvent(
  generation: number,
  survivors: readonly Individual[],
  results: Pick<Results, 'evaluations' | 'front' | 'hypervolume' | 'reference'>,
): Untimed<GenerationRecord> {
  return {
    type: 'generation',
    generation,
    evaluations: results.evaluations,
    survivors: survivors.map(({ id }) => id),
    front: byMacs(results.front()).map(({ id }) => id),
    hypervolume: results.hypervolume(),
    reference: results.reference!,
  };
}

export function byMacs(individuals: readonly Individual[]): Individual[] {
  return individuals.toSorted((a, b) => a.cost.macs - b.cost.macs);
}
