// Why a run has no front, in words.
import type { RunRecord } from '../population/run/run-record.ts';

/** Of a run whose front is empty: nothing has finished, or what has finished breaks a constraint. */
export function whyNoFront({ individuals }: Pick<RunRecord, 'individuals'>): string {
  return individuals.some(({ validation }) => validation)
    ? 'no individual keeps the constraints'
    : 'no individual has finished';
}
