// The axis of each objective: its range, its ticks, and their texts.
import type { FrontMember, RunRecord } from '../../population/run/run-record.ts';
import { objectivesOf, shownValue, type Objective } from '../objectives.ts';
import { countLabels, type Axis } from './chart.ts';
import { linearRange, logRange, type AxisRange } from './ticks.ts';

export interface ObjectiveAxis extends Axis {
  readonly objective: Objective;
}

/** By key, for the objectives that were measured; `members` are the record's front, with one at least. */
export function objectiveAxes(
  record: Pick<RunRecord, 'start' | 'individuals' | 'tests'>,
  members: readonly FrontMember[],
): ReadonlyMap<string, ObjectiveAxis> {
  const { individuals, tests } = record;
  const finished = individuals.filter(({ validation }) => validation !== null);
  const front = new Set(members.map(({ id }) => id));
  const firsts = finished.filter(({ provenance }) => provenance.how === 'first');
  const best = finished.filter(({ id }) => front.has(id));
  const axes = new Map<string, ObjectiveAxis>();
  for (const objective of objectivesOf(record)) {
    const valuesOf = (some: typeof finished): number[] =>
      some.map((one) => shownValue(objective, one, tests)).filter((value) => value !== null);
    const values = valuesOf(finished);
    const compared = [...valuesOf(firsts), ...betterPart(valuesOf(best))];
    if (values.length > 0) axes.set(objective.key, { objective, ...axisOf(objective, values, compared) });
  }
  return axes;
}

/** Where a value is drawn: a logarithmic axis has no zero. */
export function placeOn({ type }: Axis, value: number): number {
  return type === 'log' ? Math.max(value, 1) : value;
}

/** The end of what is worst. */
export function worstEnd({ inverse, range }: Axis): number {
  return inverse ? range.min : range.max;
}

function axisOf(
  { axisTitle, scale, factor, maximise }: Objective,
  values: readonly number[],
  compared: readonly number[],
): Axis {
  if (scale === 'log') {
    const counts = values.map((value) => Math.max(value, 1));
    const range = logRange(Math.min(...counts), Math.max(...counts));
    return { name: axisTitle, type: scale, range, labels: countLabels(range), inverse: maximise ?? false };
  }
  if (maximise) {
    const range = linearRange(Math.min(...values), Math.max(...values));
    return { name: axisTitle, type: scale, range, inverse: true };
  }
  const range = clippedRange(values, compared, factor === 100 ? 100 : Infinity);
  const above = values.filter((value) => value > range.max).length;
  const name = above > 0 ? `${axisTitle}; ${above} above ${range.max} not shown` : axisTitle;
  return { name, type: scale, range };
}

/** Three quarters of them, the least: the cheapest networks of a front may be hardly better than guessing. */
function betterPart(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b).slice(0, Math.ceil(0.75 * values.length));
}

/** Up to twice the worst of those `compared`: a few bad networks would press all others together. */
function clippedRange(values: readonly number[], compared: readonly number[], limit: number): AxisRange {
  const [best, highest] = [Math.min(...values), Math.max(...values)];
  if (best < 0) {
    // Multiples say nothing where zero is no end.
    const room = 0.05 * (highest - best);
    return linearRange(best - room, Math.min(limit, highest + room));
  }
  const worst = Math.min(highest, 2 * Math.max(...compared) || Infinity);
  // From zero, unless that would leave most of the plot empty.
  const bottom = best < 0.5 * worst ? 0 : Math.max(0, best - 0.2 * (worst - best || best));
  return linearRange(bottom, Math.min(limit, 1.05 * worst));
}
