import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearRange, logRange } from '../../../report/charts/ticks.ts';

describe('linearRange', () => {
  it('begins and ends at round numbers', () => {
    expect(linearRange(0, 13.2)).toEqual({ min: 0, max: 15, ticks: [0, 5, 10, 15] });
    expect(linearRange(0.3, 0.9).ticks).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearRange(7, 7).ticks).toContain(8);
    expect(linearRange(0, 0).max).toBe(1);
  });

  it('holds what it is for, with 2 to 9 ticks', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 1e-3, max: 100, noNaN: true }),
        (low, span) => {
          const { min, max, ticks } = linearRange(low, low + span);
          expect(min).toBeLessThanOrEqual(low + 1e-6);
          expect(max).toBeGreaterThanOrEqual(low + span - 1e-6);
          expect(ticks.length).toBeGreaterThanOrEqual(2);
          expect(ticks.length).toBeLessThanOrEqual(9);
        },
      ),
    );
  });
});

describe('logRange', () => {
  it('names decades, or parts of them where there are few', () => {
    expect(logRange(1e3, 1e7).ticks).toEqual([1e3, 1e4, 1e5, 1e6, 1e7]);
    expect(logRange(12_000, 200_000).ticks).toEqual([10_000, 30_000, 100_000]);
    expect(logRange(12_345, 12_345).ticks).toEqual([10_000, 20_000]);
  });

  it('leaves room on both sides, with 2 to 9 ticks', () => {
    const macs = fc.integer({ min: 1, max: 1e12 });
    fc.assert(
      fc.property(macs, macs, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { min, max, ticks } = logRange(low, high);
        expect(min).toBeLessThan(low);
        expect(max).toBeGreaterThan(high);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(9);
        expect(ticks.every((tick) => tick >= min && tick <= max)).toBe(true);
      }),
    );
  });
});
