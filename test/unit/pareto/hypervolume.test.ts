import { describe, expect, it } from 'vitest';
import { hypervolume, hypervolumeShare } from '../../../src/pareto/hypervolume.ts';
import { NeurostitchError } from '../../../src/errors.ts';

describe('hypervolume', () => {
  it('is the length from the smallest value up to the reference in 1-D', () => {
    expect(hypervolume([[3], [1], [2]], [5])).toBe(4);
  });

  it('is the area of a staircase in 2-D', () => {
    // From left to right: a column 1 wide and 4 - 3 high, one 2 wide and 4 - 1 high.
    const points = [
      [1, 3],
      [2, 1],
    ];
    expect(hypervolume(points, [4, 4])).toBe(1 * 1 + 2 * 3);
  });

  it('grows as an objective shrinks: minimised axes, not maximised ones', () => {
    expect(hypervolume([[1, 3]], [4, 4])).toBe(3);
    expect(hypervolume([[0, 3]], [4, 4])).toBe(4);
    expect(hypervolume([[-1, 3]], [4, 4])).toBe(5);
    expect(hypervolume([[5, 5]], [4, 4])).toBe(0);
    // Error against negated accuracy: 0.9 accurate is better than 0.5.
    expect(hypervolume([[0.25, -0.75]], [1, 0])).toBeGreaterThan(hypervolume([[0.25, -0.5]], [1, 0]));
    expect(hypervolume([[0, 0, 1]], [2, 2, 2])).toBe(4);
    expect(hypervolume([[0, 0, -1]], [2, 2, 2])).toBe(12);
  });

  it('is the volume of stacked slabs in 3-D', () => {
    // Floor 0 to 1 along the first axis: 1 x 2. From 1 to 2: the same and 2 x 1, less the 1 x 1 they share.
    const points = [
      [1, 0, 1],
      [0, 1, 0],
    ];
    expect(hypervolume(points, [2, 2, 2])).toBe(2 + (2 + 2 - 1));
  });

  it.each([2, 3, 4, 5, 6])('adds up M arms around one cube in %i-D', (dimensions) => {
    // Each box is 2 x 1 x ... x 1, and all share the unit cube at the reference.
    const axes = Array.from({ length: dimensions }, (_, axis) => axis);
    const points = axes.map((arm) => axes.map((axis) => (axis === arm ? 0 : 1)));
    expect(
      hypervolume(
        points,
        axes.map(() => 2),
      ),
    ).toBe(dimensions + 1);
  });

  it('counts nothing for points on or beyond the reference, NaN or +Infinity', () => {
    const outside = [
      [4, 0],
      [0, 4],
      [5, -9],
      [NaN, 0],
      [0, Infinity],
    ];
    expect(hypervolume(outside, [4, 4])).toBe(0);
    expect(hypervolume([...outside, [3, 3]], [4, 4])).toBe(1);
    for (const length of [1, 2, 3, 4]) expect(hypervolume([], new Array<number>(length).fill(1))).toBe(0);
  });

  it('is infinite for a point at -Infinity, unless that point counts for nothing', () => {
    expect(hypervolume([[-Infinity, 3]], [4, 4])).toBe(Infinity);
    expect(hypervolume([[-Infinity, 4]], [4, 4])).toBe(0);
    const sharedAxis = [
      [0, -Infinity, 0, 0],
      [1, -Infinity, -1, 0],
    ];
    expect(hypervolume(sharedAxis, [2, 2, 2, 2])).toBe(Infinity);
  });

  it('rejects a reference that does not fit', () => {
    const wrongLength = (): number => hypervolume([[1, 2]], [4, 4, 4]);
    expect(wrongLength).toThrow(NeurostitchError);
    expect(wrongLength).toThrow('Expected a reference of length 2, got 3 (at reference)');
    expect(() => hypervolume([[1]], [])).toThrow('a reference of one finite value per objective');
    expect(() => hypervolume([[1]], [Infinity])).toThrow('a reference of one finite value per objective');
  });
});

it('as a share of the box, is 1 for the origin and 0 for nothing', () => {
  expect(hypervolumeShare([[0, 0, 0]], [2, 3, 4])).toBe(1);
  expect(hypervolumeShare([[1, 1.5]], [2, 3])).toBe(0.25);
  expect(hypervolumeShare([], [2, 3])).toBe(0);
});

it('is a share, too, of a box larger or smaller than any number', () => {
  for (const scale of [1e200, 1e-200]) {
    expect(hypervolumeShare([[0.25 * scale, 0.5 * scale, 0]], [scale, scale, scale])).toBeCloseTo(0.375, 12);
  }
});

it.each([0, -1, NaN, Infinity])('is no share of a box with a side of %d', (side) => {
  expect(() => hypervolumeShare([[0, 0]], [1, side])).toThrow(
    expect.objectContaining({ code: 'bad-argument', path: 'reference' }) as Error,
  );
});
