// What a plot of two objectives shows: who is best in these two, and the line through them.
import { Archive } from '../../src/pareto/archive.ts';
import { optimised, type FrontMember, type RunRecord } from '../../population/run/run-record.ts';
import { shownValue } from '../objectives.ts';
import { placeOn, worstEnd, type ObjectiveAxis } from './objective-axes.ts';

export interface FrontView {
  /** Places in the record of those that no other dominates in the two objectives, the best in x first. */
  readonly front: readonly number[];
  /** Corners of the step line, from edge to edge: what lies right of it and above is dominated. */
  readonly line: readonly (readonly [number, number])[];
}

/** Of the individuals that keep all constraints and of which both objectives are known; one at least. */
export function frontView(
  { individuals, tests }: Pick<RunRecord, 'individuals' | 'tests'>,
  axes: readonly [ObjectiveAxis, ObjectiveAxis],
): FrontView {
  const archive = new Archive<number>();
  for (const [place, individual] of individuals.entries()) {
    // As measured: rounding would make equals of some.
    const values = axes.map(({ objective }) => objective.valueOf(individual, tests));
    const distances = values.flatMap((value, side) =>
      value === null ? [] : [axes[side]!.objective.maximise ? -value : value],
    );
    if (individual.violation === 0 && distances.length === 2) archive.add(place, distances);
  }
  const front = archive.members();
  const [x, y] = axes;
  const corners = front
    .map((place): [number, number] => {
      const [a, b] = axes.map((axis) => placeOn(axis, shownValue(axis.objective, individuals[place]!, tests)!));
      return [a!, b!];
    })
    // Of what the axis leaves out the line would show nothing but its upper edge.
    .filter(([, value]) => y.inverse === true || value <= y.range.max);
  return { front, line: [[corners[0]![0], worstEnd(y)], ...corners, [worstEnd(x), corners.at(-1)![1]]] };
}

/** Places of the run's front where that is more than a line: of a run of more than two objectives. */
export function frontBesideLine(record: RunRecord, members: readonly FrontMember[]): number[] {
  if (optimised(record.start).length <= 2) return [];
  const ids = new Set(members.map(({ id }) => id));
  return [...record.individuals.keys()].filter((place) => ids.has(record.individuals[place]!.id));
}
