// What the run's constraints bound, and which of them an individual breaks.
import type { IndividualRecord } from '../population/run/journal-events.ts';
import type { RunRecord } from '../population/run/run-record.ts';
import { objectivesOf, valueText, wordsOf } from './objectives.ts';

/** A side of a constraint, in the terms of its objective. */
export interface Bound {
  readonly key: string;
  readonly side: 'min' | 'max';
  readonly value: number;
}

export function boundsOf({ config }: RunRecord['start']): Bound[] {
  return Object.entries(config.constraints).flatMap(([key, bounds]) =>
    (['min', 'max'] as const).flatMap((side) => {
      const value = bounds[side];
      return value === undefined ? [] : [{ key, side, value }];
    }),
  );
}

/** Says of an individual which constraints it breaks and by how much; undefined for one that keeps all. */
export function breachTexts(
  record: Pick<RunRecord, 'start' | 'individuals'>,
): (individual: IndividualRecord) => string | undefined {
  const objectives = new Map(objectivesOf(record).map((objective) => [objective.key, objective]));
  const bounds = boundsOf(record.start);
  return ({ values, violation }) => {
    if (values === null || violation === null || violation === 0) return undefined;
    const broken = bounds.flatMap(({ key, side, value }) => {
      const excess = side === 'max' ? values[key]! - value : value - values[key]!;
      if (excess <= 0) return [];
      const objective = objectives.get(key)!;
      const relation = side === 'max' ? 'above' : 'below';
      return [`${wordsOf(objective)} ${valueText(objective, excess)} ${relation} ${valueText(objective, value)}`];
    });
    return broken.join(', ');
  };
}
