// What individuals are compared by: the measures that a reader can choose from, and how their values are written.
import type { IndividualRecord } from '../population/run/journal-events.ts';
import type { RunRecord } from '../population/run/run-record.ts';

export type ObjectiveKey = 'error' | 'loss' | 'testError' | 'testLoss' | 'macs' | 'params';

/** Less is better in all of them. */
export interface Objective {
  readonly key: ObjectiveKey;
  readonly title: string;
  /** Of an axis: the title with its unit. */
  readonly axisTitle: string;
  readonly scale: 'log' | 'value';
  /** Values are shown times `factor`, with so many decimals, before `unit`. */
  readonly factor: number;
  readonly decimals: number;
  readonly unit: string;
  /** Null where it was not measured. */
  readonly valueOf: (individual: IndividualRecord, tests: RunRecord['tests']) => number | null;
}

const share = { scale: 'value', factor: 100, decimals: 2, unit: '\u00a0%' } as const;
const nats = { scale: 'value', factor: 1, decimals: 4, unit: '' } as const;
const count = { scale: 'log', factor: 1, decimals: 0, unit: '' } as const;

export const objectives: readonly Objective[] = [
  {
    ...share,
    key: 'error',
    title: 'Validation error',
    axisTitle: 'Validation error (%)',
    valueOf: ({ validation }) => validation?.error ?? null,
  },
  {
    ...nats,
    key: 'loss',
    title: 'Validation loss',
    axisTitle: 'Validation loss (nats)',
    valueOf: ({ validation }) => validation?.loss ?? null,
  },
  { ...count, key: 'macs', title: 'MACs', axisTitle: 'MACs (log scale)', valueOf: ({ macs }) => macs },
  {
    ...count,
    key: 'params',
    title: 'Parameters',
    axisTitle: 'Parameters (log scale)',
    valueOf: ({ params }) => params,
  },
  {
    ...share,
    key: 'testError',
    title: 'Test error',
    axisTitle: 'Test error (%)',
    valueOf: ({ id }, tests) => tests.get(id)?.error ?? null,
  },
  {
    ...nats,
    key: 'testLoss',
    title: 'Test loss',
    axisTitle: 'Test loss (nats)',
    valueOf: ({ id }, tests) => tests.get(id)?.loss ?? null,
  },
];

export function objectiveOf(key: ObjectiveKey): Objective {
  return objectives.find((objective) => objective.key === key)!;
}

/** The value in the unit in which it is shown, rounded to what a reader can see. */
export function shownValue(
  { valueOf, factor }: Objective,
  individual: IndividualRecord,
  tests: RunRecord['tests'],
): number | null {
  const value = valueOf(individual, tests);
  return value === null ? null : Number((factor * value).toFixed(4));
}
