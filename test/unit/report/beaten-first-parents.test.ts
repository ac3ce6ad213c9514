import { describe, expect, it } from 'vitest';
import { frontOf, type RunRecord } from '../../../population/run/run-record.ts';
import { improvements } from '../../../report/beaten-first-parents.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';

const template = syntheticRunRecord({ size: 4 }).individuals;
const child = { ...syntheticRunRecord({ size: 5 }).individuals[4]!, macs: 9_000, validation: { error: 0.08, loss: 1 } };
const byName = Object.fromEntries(
  template.map(({ id, provenance }) => ['name' in provenance ? provenance.name : '', id]),
);

function improvementsWith(tests: Record<string, number>): [string, boolean | null][][] {
  const record: Pick<RunRecord, 'individuals' | 'tests'> = {
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

  it('finds nothing in a front of first parents', () => {
    const record = syntheticRunRecord({ size: 4 });
    expect(improvements(record, frontOf(record))).toEqual([]);
    // Even where one of these dominates another.
    const [best, ...others] = record.individuals;
    const individuals = [best!, ...others.map((other) => ({ ...other, validation: { error: 0.5, loss: 1 } }))];
    expect(improvements({ ...record, individuals }, frontOf({ ...record, individuals }))).toEqual([]);
  });
});
