import { describe, expect, it } from 'vitest';
import * as text from '../../../report/number-text.ts';

describe('number texts', () => {
  it('writes counts with three digits and a magnitude', () => {
    const counts = [0, 7, 950, 999, 1000, 12_345, 999_499, 999_500, 1_400_000, 3e12, NaN];
    expect(counts.map(text.compactCount)).toEqual([
      '0',
      '7',
      '950',
      '999',
      '1k',
      '12.3k',
      '999k',
      '1M',
      '1.4M',
      '3T',
      'NaN',
    ]);
    expect(text.groupedCount(1_234_567)).toBe('1,234,567');
  });

  it('writes shares as percent', () => {
    expect(text.percentNumber(0.0213)).toBe('2.13');
    expect(text.percent(1)).toBe('100.00\u00a0%');
  });

  it('writes times', () => {
    expect(text.timestamp(Date.UTC(2026, 10, 21, 14, 3, 9))).toBe('2026-11-21 14:03:09 UTC');
    expect([850, 42_000, 59_600, 192_000, 7_500_000].map(text.duration)).toEqual([
      '850 ms',
      '42 s',
      '1 min 0 s',
      '3 min 12 s',
      '2 h 5 min',
    ]);
  });

  it('writes lists and numbers of things', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(text.listed)).toEqual(['', 'a', 'a and b', 'a, b and c']);
    expect([text.counted(1, 'network'), text.counted(1200, 'network')]).toEqual(['1 network', '1,200 networks']);
  });
});
