import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weaklyDominates, type ObjectiveVector } from '../../../src/pareto/dominance.ts';
import { igdPlus } from '../../../src/pareto/igd-plus.ts';

describe('igdPlus', () => {
  it('agrees with the published example of Ishibuchi et al. 2015, as moocore documents it', () => {
    const wanted = [
      [0, 10],
      [1, 6],
      [2, 2],
      [6, 1],
      [10, 0],
    ];
    const a = [
      [4, 2],
      [3, 3],
      [2, 4],
    ];
    const b = [
      [8, 2],
      [4, 4],
      [2, 8],
    ];
    // By plain IGD the dominated set B would look better: 2.5915 against 3.7071.
    expect(igdPlus(a, wanted)).toBeCloseTo(1.482842712474619, 12);
    expect(igdPlus(b, wanted)).toBeCloseTo(2.260112615949154, 12);
  });

  it('is 0 exactly where all that is wanted is weakly dominated, and never larger for a set that dominates', () => {
    const vector = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 });
    const set = fc.array(vector, { minLength: 1, maxLength: 6 });
    const reached = (vectors: ObjectiveVector[], target: ObjectiveVector): boolean =>
      vectors.some((own) => weaklyDominates(own, target));
    fc.assert(
      fc.property(set, set, (vectors, wanted) => {
        expect(igdPlus(vectors, wanted) === 0).toBe(wanted.every((target) => reached(vectors, target)));
        const better = vectors.map((own) => own.map((value) => value - 1));
        expect(igdPlus(better, wanted)).toBeLessThanOrEqual(igdPlus(vectors, wanted));
      }),
    );
  });

  it('takes a NaN for the worst, and no vectors for infinitely far', () => {
    expect(igdPlus([[NaN, 0]], [[1, 1]])).toBe(Infinity);
    expect(
      igdPlus(
        [
          [NaN, 0],
          [1, 3],
        ],
        [[1, 1]],
      ),
    ).toBe(2);
    expect(igdPlus([], [[1, 1]])).toBe(Infinity);
  });

  it('takes more vectors than a call takes arguments', () => {
    const many = Array.from({ length: 200_000 }, (_, at) => [at + 1, 0]);
    expect(igdPlus(many, [[0, 0]])).toBe(1);
  });

  it('refuses what it cannot measure against', () => {
    expect(() => igdPlus([[1, 1]], [])).toThrow('at least one wanted vector, got none');
    expect(() => igdPlus([[1, 1]], [[1, Infinity]])).toThrow('Expected finite values');
    expect(() => igdPlus([[1]], [[1, 1]])).toThrow('Expected an objective vector of length 2, got 1');
  });
});
