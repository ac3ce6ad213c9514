import { describe, expect, it } from 'vitest';
import { frontOf, type RunRecord } from '../../../population/run/run-record.ts';
import { improvements } from '../../../report/beaten-first-parents.ts';
import { recall, scoredAs, syntheticRunRecord } from '../../helpers/run-record.ts';

const whole = syntheticRunRecord({ size: 5 });
const template = whole.individuals.slice(0, 4);
const child = scoredAs(whole.individuals[4]!, 0.08, 9_000);
const byName = Object.fromEntries(
  template.map(({ id, provenance }) => ['name' in provenance ? provenance.name : '', id]),
);

function improvementsWith(tests: Record<string, number>): [string, boolean | null][][] {
  const record: RunRecord = {
    ...whole,
    individuals: [...template, child],
    tests: new Map(Object.entries(tests).map(([id, error]) => [id, { error, loss: 1 }])),
  };
  const found = improvements(record, frontOf(record));
  expect(found.every(({ member }) => member.id === child.id)).toBe(true);
  return found.map(({ beaten }) => beaten.map(({ name, onTest }) => [name, onTest]));
}

describe('improvements', () => {
  it('finds who dominates a first parent on validation', () => {
    expect(improvementsWith({})).toEqual([[['mlp-128', null]]]);
  });

  it('tells whether that holds on test', () => {
    expect(improvementsWith({ [child.id]: 0.09, [byName['mlp-128']!]: 0.1 })).toEqual([[['mlp-128', true]]]);
    expect(improvementsWith({ [child.id]: 0.11, [byName['mlp-128']!]: 0.1 })).toEqual([[['mlp-128', false]]]);
    expect(improvementsWith({ [child.id]: 0.11 })).toEqual([[['mlp-128', null]]]);
  });

  it('compares by what the run optimises', () => {
    const own = syntheticRunRecord({ size: 5, settings: { objectives: ['recall', 'params'] }, own: [recall] });
    const [small, ...others] = own.individuals;
    const better = { ...own.individuals[4]!, values: { recall: 0.9, params: small!.params }, violation: 0 };
    const tests = new Map([better, ...own.individuals].map(({ id }) => [id, { error: 0, loss: 0 }]));
    const run: RunRecord = { ...own, individuals: [small!, ...others.slice(0, 3), better], tests };
    // Nothing of it was measured on test.
    expect(improvements(run, frontOf(run)).map(({ beaten }) => beaten)).toEqual([[{ name: 'mlp-32', onTest: null }]]);
  });

  it('finds nothing in a front of first parents', () => {
    const record = syntheticRunRecord({ size: 4 });
    expect(improvements(record, frontOf(record))).toEqual([]);
    // Even where one of these dominates another.
    const [best, ...others] = record.individuals;
    const individuals = [best!, ...others.map((other) => scoredAs(other, 0.5))];
    expect(improvements({ ...record, individuals }, frontOf({ ...record, individuals }))).toEqual([]);
  });
});
