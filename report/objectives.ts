// What individuals are compared by: the measures that a reader can choose from, and how their values are written.
import type { IndividualRecord, ObjectiveDescription } from '../population/run/journal-events.ts';
import type { RunRecord } from '../population/run/run-record.ts';

export interface Objective {
  /** The run's name of it, where the run has one. */
  readonly key: string;
  readonly title: string;
  /** Of an axis: the title with its unit. */
  readonly axisTitle: string;
  readonly scale: 'log' | 'value';
  /** Values are shown times `factor`, with so many decimals, before `unit`. */
  readonly factor: number;
  readonly decimals: number;
  readonly unit: string;
  /** More is better; of the others less is. */
  readonly maximise?: true;
  /** Why its values would not be the same in an equal run. */
  readonly caveat?: string;
  /** Null where it was not measured. */
  readonly valueOf: (individual: IndividualRecord, tests: RunRecord['tests']) => number | null;
}

const share = { scale: 'value', factor: 100, decimals: 2, unit: '\u00a0%' } as const;
const nats = { scale: 'value', factor: 1, decimals: 4, unit: '' } as const;
const count = { scale: 'log', factor: 1, decimals: 0, unit: '' } as const;

/** What is known of the individuals of every run. */
const ofEveryRun: readonly Objective[] = [
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

/** Those of every run, and what else this run compares individuals by or bounds. */
export function objectivesOf({ start, individuals }: Pick<RunRecord, 'start' | 'individuals'>): readonly Objective[] {
  const known = new Set(ofEveryRun.map(({ key }) => key));
  const others = start.objectives.filter(({ name }) => !known.has(name));
  return [...ofEveryRun, ...others.map((other) => objectiveOf(other, individuals))];
}

function objectiveOf(
  { name, title, goal, unit, reproducible }: ObjectiveDescription,
  individuals: readonly IndividualRecord[],
): Objective {
  const heading = title.charAt(0).toUpperCase() + title.slice(1);
  const measured = individuals.flatMap(({ values }) => (values === null ? [] : [values[name]!]));
  const looksOfNumbers = measured.every(Number.isInteger) ? count : { ...nats, decimals: decimalsFor(measured) };
  const after = unit === undefined ? '' : `\u00a0${unit}`;
  const scale = name === 'bytes' ? count.scale : nats.scale;
  const looks = unit === '%' ? share : { ...looksOfNumbers, scale, unit: after };
  return {
    ...looks,
    key: name,
    title: heading,
    axisTitle: looks.scale === 'log' ? `${heading} (log scale)` : unit === undefined ? heading : `${heading} (${unit})`,
    ...(goal === 'maximise' && { maximise: true }),
    ...(!reproducible && { caveat: 'measured, not reproducible' }),
    valueOf: ({ values }) => values?.[name] ?? null,
  };
}

/** As many as show four significant digits of the largest of them; no fewer than losses have, no more than browsers write. */
function decimalsFor(values: readonly number[]): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest === 0 ? nats.decimals : Math.min(Math.max(nats.decimals, 3 - Math.floor(Math.log10(largest))), 20);
}

/** The title as it stands within a sentence: "validation error", but "MACs". */
export function wordsOf({ title }: Pick<Objective, 'title'>): string {
  return /^\p{Lu}\p{Lu}/u.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
}

/** A value in the unit in which it is shown, with that unit. */
export function valueText(objective: Objective, value: number): string {
  return numberText(objective, value) + objective.unit;
}

/** The number alone, as columns have it under a head that says the unit. */
export function numberText({ factor, decimals }: Objective, value: number): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return (factor * value).toLocaleString('en-US', digits);
}

/** The title with the unit, as heads of columns and axes have it. */
export function headingOf({ title, unit }: Objective): string {
  return unit === '' ? title : `${title} (${unit.trim()})`;
}

/** The value in the unit in which it is shown, rounded to what a reader can see. */
export function shownValue(
  { valueOf, factor, decimals }: Objective,
  individual: IndividualRecord,
  tests: RunRecord['tests'],
): number | null {
  const value = valueOf(individual, tests);
  return value === null ? null : Number((factor * value).toFixed(Math.max(4, decimals)));
}
