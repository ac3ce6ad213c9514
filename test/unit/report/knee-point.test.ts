import { describe, expect, it } from 'vitest';
import type { FrontMember } from '../../../population/run/run-record.ts';
import { kneePoint as kneeOf } from '../../../report/knee-point.ts';
import { plottedObjectives } from '../../../report/plotted-objectives.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';

const plotted = plottedObjectives(syntheticRunRecord({ size: 4 }));
const kneePoint = (members: readonly FrontMember[]): FrontMember | undefined => kneeOf(members, plotted);

function front(...points: [macs: number, error: number][]): FrontMember[] {
  return points.map(([macs, error], index) => ({
    id: String(index),
    objectives: { error, macs, params: 1 },
    validation: { error, loss: 1, samples: 359 },
    test: null,
    operator: 'widen-pair',
    parents: [],
    model: '0'.repeat(64),
  }));
}

describe('kneePoint', () => {
  it('is where the front bends most, with MACs by their logarithm', () => {
    // By MACs themselves the third would be it.
    expect(kneePoint(front([100, 0.5], [1_000, 0.1], [5_000, 0.08], [1_000_000, 0.05]))?.id).toBe('1');
  });

  it('is looked for among those that none dominates in error and MACs', () => {
    // The last one is on the front for something else.
    expect(kneePoint(front([100, 0.5], [1_000, 0.1], [5_000, 0.08], [1_000_000, 0.05], [2_000_000, 0.6]))?.id).toBe(
      '1',
    );
  });

  it('is nowhere on a line, above one, or between fewer than three', () => {
    expect(kneePoint(front([10, 0.3], [100, 0.2], [1_000, 0.1]))).toBeUndefined();
    expect(kneePoint(front([10, 0.3], [100, 0.29], [1_000, 0.1]))).toBeUndefined();
    expect(kneePoint(front([10, 0.3], [1_000, 0.1]))).toBeUndefined();
    expect(kneePoint(front([10, 0.3]))).toBeUndefined();
    expect(kneePoint([])).toBeUndefined();
  });
});
