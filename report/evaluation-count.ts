// How many evaluations a run has spent.
import type { RunRecord } from '../population/run/run-record.ts';

/** As the journal counts them: individuals, failed ones included, and controls. */
export function evaluationCount({ individuals, controls }: Pick<RunRecord, 'individuals' | 'controls'>): number {
  return individuals.length + controls.length;
}
