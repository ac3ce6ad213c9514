import { expect, test } from 'vitest';
import { constantSchedule, cosineSchedule, stepSchedule, type WarmUp } from '../../../src/training/schedules.ts';

test('constant', () => {
  expect([0, 0.5, 0.99].map(constantSchedule())).toEqual([1, 1, 1]);
});

test('half a cosine from 1 to 0', () => {
  const share = cosineSchedule();
  expect(share(0)).toBe(1);
  expect(share(0.5)).toBeCloseTo(0.5, 12);
  expect(share(1)).toBeCloseTo(0, 12);
});

test('steps', () => {
  const share = stepSchedule({ at: [0.5, 0.75], factor: 0.1 });
  expect([0, 0.49, 0.5, 0.74].map(share)).toEqual([1, 1, 0.1, 0.1]);
  expect(share(0.75)).toBeCloseTo(0.01, 12);
});

test('each may warm up: from near 0 in a straight line to what follows', () => {
  for (const share of [
    constantSchedule({ warmUp: 0.2 }),
    cosineSchedule({ warmUp: 0.2 }),
    stepSchedule({ at: [0.5], warmUp: 0.2 }),
  ]) {
    expect(share(0)).toBeGreaterThan(0);
    expect(share(0)).toBeLessThan(0.05);
    expect(share(0.1) - share(0.05)).toBeCloseTo(share(0.15) - share(0.1), 12);
    expect(share(0.2)).toBe(1);
  }
});

test('points and warm-ups are shares of the training, not epochs', () => {
  expect(() => stepSchedule({ at: [0.5, 30] })).toThrow('Expected points from 0 to 1, shares of the training, got 30');
  expect(() => stepSchedule({ at: [], factor: -1 })).toThrow('Expected a factor of 0 or more, got -1');
  for (const make of [constantSchedule, cosineSchedule, (own: WarmUp) => stepSchedule({ at: [], ...own })]) {
    expect(() => make({ warmUp: 5 })).toThrow('Expected a warm-up from 0 to 1, shares of the training, got 5');
    expect(() => make({ warmUp: NaN })).toThrow('Expected a warm-up from 0 to 1');
    expect(make({ warmUp: 1 })(0.5)).toBeCloseTo(0.5, 1);
  }
});
