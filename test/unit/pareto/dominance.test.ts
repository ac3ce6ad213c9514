import { describe, expect, it } from 'vitest';
import { compareVectors, dominates, vectorKey, weaklyDominates } from '../../../src/pareto/dominance.ts';

describe('dominates', () => {
  it('needs one objective better and none worse, smaller being better', () => {
    expect(dominates([1, 2], [2, 2])).toBe(true);
    expect(dominates([2, 2], [1, 2])).toBe(false);
    expect(dominates([1, 3], [2, 2])).toBe(false);
    expect(dominates([1, 2], [1, 2])).toBe(false);
    expect(weaklyDominates([1, 2], [1, 2])).toBe(true);
  });

  it('takes NaN for the worst value', () => {
    expect(dominates([1, Infinity], [2, NaN])).toBe(true);
    expect(dominates([1, NaN], [1, Infinity])).toBe(false);
    expect(dominates([1, 5], [1, NaN])).toBe(true);
    expect(dominates([NaN, NaN], [NaN, NaN])).toBe(false);
  });

  it('rejects vectors of different lengths', () => {
    expect(() => dominates([1, 2], [1])).toThrow('Expected an objective vector of length 2, got 1');
  });
});

describe('compareVectors', () => {
  it('orders by the first objective, then by the next', () => {
    const vectors = [
      [2, 0],
      [1, NaN],
      [1, 3],
      [-Infinity, 9],
    ];
    expect(vectors.sort(compareVectors)).toEqual([
      [-Infinity, 9],
      [1, 3],
      [1, NaN],
      [2, 0],
    ]);
  });

  it('calls equal what has one key: NaN and Infinity, 0 and -0', () => {
    expect(compareVectors([NaN, 0], [Infinity, -0])).toBe(0);
    expect(vectorKey([NaN, 0])).toBe(vectorKey([Infinity, -0]));
    expect(vectorKey([1, 2])).not.toBe(vectorKey([12]));
  });
});
