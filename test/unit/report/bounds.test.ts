import { describe, expect, it } from 'vitest';
import { frontOf } from '../../../population/run/run-record.ts';
import { breachTexts } from '../../../report/bounds.ts';
import { frontChart } from '../../../report/charts/front-chart.ts';
import { themes } from '../../../report/charts/theme.ts';
import { htmlReport } from '../../../report/html-report.ts';
import { recall, syntheticRunRecord } from '../../helpers/run-record.ts';

const constraints = { params: { max: 10_000 }, recall: { min: 0.9 } };
const record = syntheticRunRecord({ size: 60, failEvery: 10, settings: { constraints }, own: [recall] });

describe('breachTexts', () => {
  const textOf = breachTexts(record);

  it('says something of exactly those that break a constraint', () => {
    const told = record.individuals.filter((one) => textOf(one) !== undefined);
    expect(told).toEqual(record.individuals.filter(({ violation }) => violation !== null && violation > 0));
    expect(told.length).toBeGreaterThan(0);
  });

  it('says which, and by how much, in the terms of the objective', () => {
    const [first] = record.individuals;
    const values = { ...first!.values, params: 12_345, recall: 0.85 };
    expect(textOf({ ...first!, values, violation: 0.3 })).toBe(
      'parameters 2,345 above 10,000, recall of class 3 5.00\u00a0% below 90.00\u00a0%',
    );
    expect(textOf({ ...first!, values: { ...values, params: 10_000 }, violation: 0.1 })).not.toContain('parameters');
  });
});

describe('the front of a run with constraints', () => {
  it('has those that break one in series of their own', () => {
    const chart = frontChart(record, frontOf(record))!;
    const placesIn = (from: number, to: number): number[] =>
      chart.points.slice(from, to).flatMap((points) => points.map(({ individual }) => individual!));
    const breaking = [...record.individuals.keys()].filter((place) => (record.individuals[place]!.violation ?? 0) > 0);
    expect(placesIn(6, 9).sort((a, b) => a - b)).toEqual(breaking);
    const finished = record.individuals.filter(({ validation }) => validation);
    expect(placesIn(0, 6)).toHaveLength(finished.length - breaking.length);
  });

  it('has a line where a constraint bounds an axis', () => {
    const bounded = syntheticRunRecord({
      size: 60,
      settings: { constraints: { error: { max: 0.1 }, params: { max: 1e6 } } },
    });
    const option = frontChart(bounded, frontOf(bounded))!.option(themes.light);
    expect(option.series).toContainEqual(
      expect.objectContaining({ id: 'bounds', markLine: expect.objectContaining({ data: [{ yAxis: 10 }] }) as object }),
    );
  });

  it('is empty where none keeps them', () => {
    const page = htmlReport(syntheticRunRecord({ size: 20, settings: { constraints: { params: { max: 1 } } } }));
    expect(page).toContain('There is no front yet: no individual keeps the constraints.');
    expect(page).toContain('no individual keeps the constraints</dd>');
  });
});
