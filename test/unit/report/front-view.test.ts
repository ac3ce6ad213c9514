import { describe, expect, it } from 'vitest';
import { frontOf, type RunRecord } from '../../../population/run/run-record.ts';
import { frontView } from '../../../report/charts/front-view.ts';
import { objectiveAxes } from '../../../report/charts/objective-axes.ts';
import { objectiveOf, objectives, shownValue } from '../../../report/objectives.ts';
import { dominates } from '../../../src/pareto/dominance.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';

const synthetic = syntheticRunRecord({ size: 120, failEvery: 30 });
/** In which the failures would cost least. */
const record: RunRecord = {
  ...synthetic,
  individuals: synthetic.individuals.map((one) => (one.validation ? one : { ...one, macs: 1, params: 1 })),
};
const axes = objectiveAxes(record, frontOf(record));

describe('frontView', () => {
  it('of error against MACs is the front of the run', () => {
    const { front } = frontView(record, ['macs', 'error'], [axes.get('macs')!, axes.get('error')!]);
    expect(front.map((place) => record.individuals[place]!.id)).toEqual(frontOf(record).map(({ id }) => id));
  });

  const pairs = objectives.flatMap(({ key: x }) => objectives.map(({ key: y }) => [x, y] as const));
  it.each(pairs.filter(([x, y]) => x !== y))('of %s and %s has all that nothing dominates, and no failure', (x, y) => {
    const vectors = record.individuals.map((individual) =>
      [x, y].map((key) => shownValue(objectiveOf(key), individual, record.tests)),
    );
    const measured = [...vectors.keys()].filter(
      (place) => record.individuals[place]!.validation !== null && vectors[place]!.every((value) => value !== null),
    );
    const vectorOf = (place: number): number[] => vectors[place]!.map(Number);
    const best = measured.filter((place) => !measured.some((other) => dominates(vectorOf(other), vectorOf(place))));
    const { front, line } = frontView(record, [x, y], [axes.get(x)!, axes.get(y)!]);
    // Of equals the first stands for all.
    const keysOf = (places: readonly number[]): Set<string> => new Set(places.map((place) => vectorOf(place).join()));
    expect(keysOf(front)).toEqual(keysOf(best));
    expect(front.every((place) => best.includes(place))).toBe(true);
    expect(line).toHaveLength(front.length + 2);
    expect(line.map(([value]) => value)).toEqual(line.map(([value]) => value).sort((a, b) => a - b));
  });
});

describe('objectiveAxes', () => {
  it('has the axes of what was measured', () => {
    const untested = syntheticRunRecord({ size: 40, tested: false });
    expect([...objectiveAxes(untested, frontOf(untested)).keys()]).toEqual(['error', 'loss', 'macs', 'params']);
    expect([...axes.keys()]).toContain('testError');
  });
});
