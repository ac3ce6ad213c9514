// The point up to which a hypervolume is measured, in words.
import type { ObjectiveValues } from '../population/objectives/compare.ts';
import { optimised, type RunRecord } from '../population/run/run-record.ts';
import { compactCount, percentNumber } from './number-text.ts';

/** `reference` by objective, in the settings' order: "validation error 100 %, 183k MACs". */
export function referenceText(
  start: Pick<RunRecord['start'], 'config' | 'objectives'>,
  reference: ObjectiveValues,
): string {
  return optimised(start)
    .map(({ name, title, unit }) => {
      const value = reference[name]!;
      return unit === '%'
        ? `${title} ${Number(percentNumber(value))}\u00a0%`
        : `${compactCount(value)} ${unit ?? title}`;
    })
    .join(', ');
}
