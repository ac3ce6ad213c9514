import { describe, expect, it } from 'vitest';
import { frontOf } from '../../../population/run/run-record.ts';
import { kneePoint } from '../../../report/knee-point.ts';
import { bestOf, plottedObjectives } from '../../../report/plotted-objectives.ts';
import { recall, syntheticRunRecord } from '../../helpers/run-record.ts';

function plotOf(...objectives: string[]): string[] {
  return plottedObjectives(syntheticRunRecord({ size: 4, settings: { objectives }, own: [recall] })).map(
    ({ key }) => key,
  );
}

describe('plottedObjectives', () => {
  it('are the first two of the run, a cost of the network as x', () => {
    expect(plotOf('error', 'macs')).toEqual(['macs', 'error']);
    expect(plotOf('bytes', 'recall', 'macs')).toEqual(['bytes', 'recall']);
    expect(plotOf('recall', 'latency', 'macs')).toEqual(['latency', 'recall']);
    expect(plotOf('macs', 'params')).toEqual(['params', 'macs']);
  });

  it('are one against MACs, and MACs against the error', () => {
    expect(plotOf('recall')).toEqual(['macs', 'recall']);
    expect(plotOf('macs')).toEqual(['macs', 'error']);
  });
});

it('more is better where the run maximises', () => {
  // The recall made up is 1 - error, so this front is that of error and MACs.
  const record = syntheticRunRecord({ size: 120, settings: { objectives: ['recall', 'macs'] }, own: [recall] });
  const same = syntheticRunRecord({ size: 120 });
  const front = frontOf(record);
  const [x, y] = plottedObjectives(record);
  expect(front.map(({ id }) => id)).toEqual(frontOf(same).map(({ id }) => id));
  expect(bestOf(front, y)!.objectives.recall).toBe(Math.max(...front.map(({ objectives }) => objectives.recall!)));
  expect(bestOf(front, x)!.id).toBe(front[0]!.id);
  expect(kneePoint(front, [x, y])!.id).toBe(kneePoint(frontOf(same), plottedObjectives(same))!.id);
});
