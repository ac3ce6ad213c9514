// What a plot of two objectives shows: who is best in these two, and the line through them.
import { Archive } from '../../src/pareto/archive.ts';
import type { RunRecord } from '../../population/run/run-record.ts';
import { objectiveOf, shownValue, type ObjectiveKey } from '../objectives.ts';
import type { Axis } from './chart.ts';
import { placeOn } from './objective-axes.ts';

export interface FrontView {
  /** Places in the record of those that no other dominates in the two objectives, by rising x. */
  readonly front: readonly number[];
  /** Corners of the step line, from edge to edge: what lies right of it and above is dominated. */
  readonly line: readonly (readonly [number, number])[];
}

/** The finished individuals of which both objectives are known; one at least. */
export function frontView(
  { individuals, tests }: Pick<RunRecord, 'individuals' | 'tests'>,
  keys: readonly [ObjectiveKey, ObjectiveKey],
  [x, y]: readonly [Axis, Axis],
): FrontView {
  const [first, second] = [objectiveOf(keys[0]), objectiveOf(keys[1])];
  const archive = new Archive<number>();
  for (const [place, individual] of individuals.entries()) {
    const [a, b] = [shownValue(first, individual, tests), shownValue(second, individual, tests)];
    if (individual.validation !== null && a !== null && b !== null) archive.add(place, [a, b]);
  }
  const corners = archive.vectors().map(([a, b]): [number, number] => [placeOn(x, a!), placeOn(y, b!)]);
  return {
    front: archive.members(),
    line: [[corners[0]![0], y.range.max], ...corners, [x.range.max, corners.at(-1)![1]]],
  };
}
