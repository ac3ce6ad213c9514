import { describe, expect, it } from 'vitest';
import { lineageLayout } from '../../../report/charts/lineage-layout.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';

const record = syntheticRunRecord({ size: 300 });
const places = lineageLayout(record);

describe('lineageLayout', () => {
  it('gives each individual a place of its own in the column of its generation', () => {
    expect(new Set(places.map(String)).size).toBe(300);
    expect(places.map(([generation]) => generation)).toEqual(record.individuals.map(({ generation }) => generation));
  });

  it('centres each column', () => {
    const last = places.filter(([generation]) => generation === 3).map(([, lane]) => lane);
    expect(last).toHaveLength(16);
    expect(Math.min(...last)).toBe(-7.5);
    expect(Math.max(...last)).toBe(7.5);
  });

  it('sorts a column by the lanes of its parents', () => {
    const placeOf = new Map(record.individuals.map(({ id }, index) => [id, places[index]!]));
    const wanted = record.individuals
      .filter(({ generation }) => generation === 5)
      .sort((a, b) => placeOf.get(a.id)![1] - placeOf.get(b.id)![1])
      // Of the same generation are those that have no lane yet.
      .map(({ provenance }) => provenance.parents.map((id) => placeOf.get(id)!).filter(([column]) => column < 5))
      .map((parents) => parents.reduce((sum, [, lane]) => sum + lane, 0) / Math.max(parents.length, 1));
    expect(wanted).toEqual([...wanted].sort((a, b) => a - b));
    expect(new Set(wanted).size).toBeGreaterThan(4);
  });
});
