// The run as the page knows it now: its individuals and objectives, and how their values are written.
import type { PageData, PageObjective } from '../page-data.ts';

export interface Individual {
  readonly place: number;
  readonly id: string;
  readonly name: string;
  readonly kind: number;
  /** The operator. */
  readonly made: string;
  readonly parents: readonly (number | string)[];
  readonly generation: number;
  readonly failure: string | undefined;
  /** The constraints that it breaks. */
  readonly breach: string | undefined;
  /** Samples that its error and loss are estimates from, where a rung ended the validation. */
  readonly estimate: number | undefined;
}

/** Taken in before anything reads it. */
export let run!: PageData;
export let individuals: readonly Individual[] = [];
export let objectives: ReadonlyMap<string, PageObjective> = new Map();

const watchers: (() => void)[] = [];

/** `watcher` is called whenever more is known of the run. */
export function watchRun(watcher: () => void): void {
  watchers.push(watcher);
}

export function takeIn(data: PageData): void {
  const { ids, names, kinds, labels, made, parents, generations, failures, breaches, estimates } = data.individuals;
  run = data;
  objectives = new Map(data.objectives.map((objective) => [objective.key, objective]));
  individuals = ids.map((id, place) => ({
    place,
    id,
    name: names[place] ?? id,
    kind: kinds[place]!,
    made: labels[made[place]!]!,
    parents: parents[place]!,
    generation: generations[place]!,
    failure: failures[place],
    breach: breaches[place],
    estimate: estimates[place],
  }));
  for (const watcher of watchers) watcher();
}

/** What a document carries of a run; undefined where there is nothing to draw. */
export function dataOf(page: Document): PageData | undefined {
  const text = page.getElementById('report-data')?.textContent;
  return text === undefined ? undefined : (JSON.parse(text) as PageData);
}

export function objective(key: string): PageObjective {
  return objectives.get(key)!;
}

/** Individuals by what the run's plot has as y, the best first. */
export function bestFirst(places: readonly number[]): number[] {
  const { values, maximise } = objective(run.plotted.y);
  return places.toSorted((a, b) => (maximise ? values[b]! - values[a]! : values[a]! - values[b]!));
}

/** What else there is to know of it, in sentences. */
export function notesOf({ breach, estimate }: Individual): string[] {
  return [
    ...(breach === undefined ? [] : [`It breaks a constraint: ${breach}.`]),
    ...(estimate === undefined
      ? []
      : [
          `It was dominated for certain after the ${estimate} hardest of ${run.samples} samples: error and loss are estimates for all.`,
        ]),
  ];
}

export function numberText(
  { decimals, unit }: PageObjective,
  value: number,
  settings: Intl.NumberFormatOptions = {},
): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return value.toLocaleString('en-US', { ...digits, ...settings }) + unit;
}

export function valueText(measured: PageObjective, place: number): string {
  const value = measured.values[place] ?? null;
  return value === null ? 'not measured' : numberText(measured, value);
}

/** A logarithmic axis has no zero. */
export function placeOn({ scale }: PageObjective, value: number): number {
  return scale === 'log' ? Math.max(value, 1) : value;
}

export function nameOfParent(parent: number | string): string {
  return typeof parent === 'number' ? individuals[parent]!.name : parent;
}

/** Name and facts, for those who point at something. */
export interface About {
  readonly name: string;
  readonly facts: readonly (readonly [title: string, text: string])[];
}

export function aboutIndividual(individual: Individual): About {
  const { name, made, parents, failure, place } = individual;
  const measured = run.objectives.map((one) => [one.title, valueText(one, place)] as const);
  return {
    name,
    facts: [
      ['How made', made],
      ['Parents', parents.map(nameOfParent).join(', ') || 'none'],
      ...(failure === undefined ? measured : [['Failed', failure] as const]),
      ...notesOf(individual).map((note) => ['Note', note] as const),
    ],
  };
}
