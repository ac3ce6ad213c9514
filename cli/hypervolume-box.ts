// What a hypervolume is a share of, as the terminal says it.
import type { GenerationRecord, ObjectiveValues, RunStarted } from '../population/index.ts';
import { referenceText } from '../report/reference-text.ts';

/** "the box up to validation error 100 %, 183k MACs", with plain spaces, so that it can be searched for. */
export function boxText(start: Pick<RunStarted, 'config' | 'objectives'>, reference: ObjectiveValues): string {
  return `the box up to ${referenceText(start, reference).replaceAll('\u00a0', ' ')}`;
}

/** Said once, before progress tells bare numbers. */
export function hypervolumeNote(
  start: Pick<RunStarted, 'config' | 'objectives'>,
  { reference }: GenerationRecord,
): string {
  return `Hypervolumes are shares of ${boxText(start, reference)}`;
}
