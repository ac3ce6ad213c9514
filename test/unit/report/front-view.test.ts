import { describe, expect, it } from 'vitest';
import { frontOf, type RunRecord } from '../../../population/run/run-record.ts';
import { frontChart } from '../../../report/charts/front-chart.ts';
import { frontBesideLine, frontView } from '../../../report/charts/front-view.ts';
import { objectiveAxes, type ObjectiveAxis } from '../../../report/charts/objective-axes.ts';
import { objectivesOf, shownValue, valueText } from '../../../report/objectives.ts';
import { dominates } from '../../../src/pareto/dominance.ts';
import { recall, syntheticRunRecord } from '../../helpers/run-record.ts';

const synthetic = syntheticRunRecord({ size: 120, failEvery: 30 });
/** In which the failures would cost least. */
const record: RunRecord = {
  ...synthetic,
  individuals: synthetic.individuals.map((one) => (one.validation ? one : { ...one, macs: 1, params: 1 })),
};
const axes = objectiveAxes(record, frontOf(record));

describe('frontView', () => {
  it('of error against MACs is the front of the run', () => {
    const { front } = frontView(record, [axes.get('macs')!, axes.get('error')!]);
    expect(front.map((place) => record.individuals[place]!.id)).toEqual(frontOf(record).map(({ id }) => id));
  });

  const objectives = objectivesOf(record);
  const pairs = objectives.flatMap(({ key: x }) => objectives.map(({ key: y }) => [x, y] as const));
  it.each(pairs.filter(([x, y]) => x !== y))('of %s and %s has all that nothing dominates, and no failure', (x, y) => {
    const vectors = record.individuals.map((individual) =>
      [x, y].map((key) => axes.get(key)!.objective.valueOf(individual, record.tests)),
    );
    const measured = [...vectors.keys()].filter(
      (place) => record.individuals[place]!.validation !== null && vectors[place]!.every((value) => value !== null),
    );
    const vectorOf = (place: number): number[] => vectors[place]!.map(Number);
    const best = measured.filter((place) => !measured.some((other) => dominates(vectorOf(other), vectorOf(place))));
    const { front, line } = frontView(record, [axes.get(x)!, axes.get(y)!]);
    // Of equals the first stands for all.
    const keysOf = (places: readonly number[]): Set<string> => new Set(places.map((place) => vectorOf(place).join()));
    expect(keysOf(front)).toEqual(keysOf(best));
    expect(front.every((place) => best.includes(place))).toBe(true);
    expect(line).toHaveLength(front.length + 2);
    expect(line.map(([value]) => value)).toEqual(line.map(([value]) => value).sort((a, b) => a - b));
  });
});

describe('frontView of a run with an objective to maximise', () => {
  const recall = {
    name: 'recall',
    title: 'recall of class 3',
    goal: 'maximise',
    ideal: 1,
    reproducible: true,
  } as const;
  const measured = synthetic.individuals.map((one, place) =>
    one.values ? { ...one, values: { ...one.values, recall: ((37 * place) % 101) / 101 } } : one,
  );
  const run: RunRecord = {
    ...synthetic,
    start: { ...synthetic.start, objectives: [...synthetic.start.objectives, { ...recall, unit: '%' }] },
    individuals: measured.map((one, place) => (place === 8 ? { ...one, violation: 0.5, macs: 1 } : one)),
  };
  const [x, y] = ['macs', 'recall'].map((key) => objectiveAxes(run, frontOf(run)).get(key)!);
  const { front, line } = frontView(run, [x!, y!]);

  it('has who is best: more of it for fewer MACs', () => {
    expect(y!.objective).toMatchObject({ title: 'Recall of class 3', axisTitle: 'Recall of class 3 (%)', factor: 100 });
    const vectors = run.individuals.map(({ macs, values }) => [macs, -(values?.recall ?? NaN)]);
    const finished = [...vectors.keys()].filter((place) => run.individuals[place]!.violation === 0);
    const best = finished.filter((place) => !finished.some((other) => dominates(vectors[other]!, vectors[place]!)));
    expect(new Set(front)).toEqual(new Set(best));
    expect(front).not.toContain(8);
  });

  it('is drawn towards the lower left, too', () => {
    expect(y!.inverse).toBe(true);
    expect(line[0]![1]).toBe(y!.range.min);
    expect(line.at(-1)![0]).toBe(x!.range.max);
    expect(line.map(([, value]) => value)).toEqual(line.map(([, value]) => value).sort((a, b) => a - b));
  });
});

describe('frontBesideLine', () => {
  it('is the front of a run of more than two objectives, and of no other', () => {
    const three = syntheticRunRecord({ size: 60, settings: { objectives: ['error', 'macs', 'params'] } });
    const ids = frontBesideLine(three, frontOf(three)).map((place) => three.individuals[place]!.id);
    expect(new Set(ids)).toEqual(new Set(frontOf(three).map(({ id }) => id)));
    expect(frontBesideLine(synthetic, frontOf(synthetic))).toEqual([]);
    // Of full size in the plot, though two of the objectives alone would not have them on their line.
    const bright = frontChart(three, frontOf(three))!.points.slice(0, 3).flat();
    expect(new Set(bright.map(({ individual }) => three.individuals[individual!]!.id))).toEqual(new Set(ids));
  });
});

describe('objectiveAxes', () => {
  it('are logarithmic for costs of the network, and for these only', () => {
    const run = syntheticRunRecord({
      size: 20,
      settings: { objectives: ['bytes', 'steps'] },
      own: [{ ...recall, name: 'steps', goal: 'minimise', ideal: 0, unit: 'steps' }],
    });
    const types = [...objectiveAxes(run, frontOf(run))].map(([key, { type }]) => [key, type]);
    expect(Object.fromEntries(types)).toMatchObject({
      macs: 'log',
      params: 'log',
      bytes: 'log',
      steps: 'value',
      error: 'value',
    });
  });

  it('has the axes of what was measured', () => {
    const untested = syntheticRunRecord({ size: 40, tested: false });
    expect([...objectiveAxes(untested, frontOf(untested)).keys()]).toEqual(['error', 'loss', 'macs', 'params']);
    expect([...axes.keys()]).toContain('testError');
  });
});

/** A run of which this objective of its own has such values, and its axis. */
function ownAxis(valueOf: (place: number) => number): { run: RunRecord; axis: ObjectiveAxis } {
  const run = syntheticRunRecord({
    size: 20,
    settings: { objectives: ['macs', 'own'] },
    own: [{ ...recall, name: 'own', goal: 'minimise', ideal: -100, unit: 's' }],
  });
  const individuals = run.individuals.map((one, place) => ({
    ...one,
    values: { ...one.values, own: valueOf(place) },
  }));
  const changed = { ...run, individuals };
  return { run: changed, axis: objectiveAxes(changed, frontOf(changed)).get('own')! };
}

describe('an objective of a run of its own', () => {
  it.each([
    ['negative floats', (place: number) => -4.5 + place / 8],
    ['floats all below zero', (place: number) => -4.5 + place / 80],
    ['whole numbers, some below zero', (place: number) => place - 10],
    ['whole numbers, one zero', (place: number) => 19 - place],
    ['tiny floats', (place: number) => 4e-6 - 1.8e-7 * place],
  ])('has all points on a linear axis that they fill: %s', (_, valueOf) => {
    const { run, axis } = ownAxis(valueOf);
    const shown = run.individuals.map((one) => shownValue(axis.objective, one, run.tests)!);
    const [least, most] = [Math.min(...shown), Math.max(...shown)];
    expect(axis.type).toBe('value');
    expect(axis.range.min).toBeLessThanOrEqual(least);
    expect(axis.range.max).toBeGreaterThanOrEqual(most);
    expect(most - least).toBeGreaterThan(0.5 * (axis.range.max - axis.range.min));
    expect(new Set(shown).size).toBe(20);
  });

  it('is compared as measured, and written with four significant digits', () => {
    const { run, axis } = ownAxis((place) => 1.23456e-6 - 1e-13 * place);
    const macs = objectiveAxes(run, frontOf(run)).get('macs')!;
    // The last is the least by less than is shown.
    expect(frontView(run, [macs, axis]).front).toContain(19);
    expect(valueText(axis.objective, 1.23456e-6)).toBe('0.000001235\u00a0s');
  });
});
