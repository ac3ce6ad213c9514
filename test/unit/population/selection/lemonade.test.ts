// LEMONADE's selection: rare places are drawn more often, and the non-dominated survive.
import { expect, test } from 'vitest';
import { logDensity } from '../../../../population/selection/density.ts';
import { lemonade } from '../../../../population/selection/lemonade.ts';
import type { Scored } from '../../../../population/selection/selection.ts';
import { RandomStream } from '../../../../src/random/stream.ts';

function scored(error: number, macs: number, violation = 0): Scored {
  return { objectives: [error, macs], violation, cheap: [macs] };
}
const failed: Scored = { objectives: [Infinity, Infinity], violation: Infinity, cheap: [1e9] };

test('the density of one point is that of a normal distribution, up to a constant', () => {
  // Deviation 1 of the logarithm on both axes, and two of them: a bandwidth of 2^(-1/6).
  const sample = [
    [Math.E ** 1 - 1, Math.E ** 1 - 1],
    [Math.E ** 3 - 1, Math.E ** 3 - 1],
  ];
  const [at, between] = logDensity([sample[0]!, [Math.E ** 2 - 1, Math.E ** 2 - 1]], sample);
  const kernel = (distance: number): number => Math.exp((-0.5 * 2 * distance ** 2) / 2 ** (-1 / 3));
  expect(Math.exp(between! - at!)).toBeCloseTo((2 * kernel(1)) / (kernel(0) + kernel(2)), 10);
});

test('an axis without spread says nothing, and no place is too far away for a number', () => {
  const sample = [
    [5, 10],
    [5, 1000],
  ];
  expect(logDensity([[5, 10]], sample)).toEqual(logDensity([[999, 10]], sample));
  expect(logDensity([[5, 1e300]], sample).every(Number.isFinite)).toBe(true);
  expect(logDensity([[7]], [[7]])).toEqual([0]);
});

test('parents come from where the population is thin, and never from failures', () => {
  const population = [
    scored(0.5, 100),
    scored(0.5, 101),
    scored(0.5, 102),
    scored(0.5, 103),
    scored(0.1, 9000),
    failed,
  ];
  const draw = lemonade.parents(population);
  const counts = population.map(() => 0);
  const rng = RandomStream.fromSeed(1);
  for (let i = 0; i < 3000; i++) counts[draw(rng)]! += 1;
  expect(counts[5]).toBe(0);
  for (const crowded of counts.slice(0, 4)) expect(counts[4]).toBeGreaterThan(2 * crowded);
});

test('children are accepted where the population is thin, each once', () => {
  const population = [scored(0.5, 100), scored(0.5, 101), scored(0.5, 102), scored(0.2, 5000)];
  const children = [[100], [101], [5000], [102], [100]];
  const rng = RandomStream.fromSeed(1);
  let lonely = 0;
  for (let i = 0; i < 500; i++) {
    const accepted = lemonade.accept(population, children, 2, rng.fork(String(i)));
    expect(new Set(accepted).size).toBe(2);
    expect([...accepted].sort((a, b) => a - b)).toEqual(accepted);
    if (accepted.includes(2)) lonely += 1;
  }
  // Of two draws from five alike it would be 200.
  expect(lonely).toBeGreaterThan(300);
  expect(lemonade.accept(population, children, 9, rng)).toEqual([0, 1, 2, 3, 4]);
});

test('where nothing keeps the constraints, those that break them least survive, as many as may', () => {
  const pool = [scored(0.5, 100, 3), scored(0.4, 200, 1), scored(0.3, 300, 2), failed];
  expect(lemonade.survivors(pool, 2)).toEqual([1, 2]);
  expect(lemonade.survivors(pool, 4)).toEqual([0, 1, 2, 3]);
});

test('what survives is the non-dominated set, thinned by crowding where it is too large', () => {
  const pool = [scored(0.5, 100), scored(0.4, 200), scored(0.6, 300), failed, scored(0.5, 100), scored(0.1, 50, 1)];
  expect(lemonade.survivors(pool, 10)).toEqual([0, 1]);
  const line = [0, 1, 2, 3, 4].map((i) => scored(0.5 - 0.1 * i, 100 + (i === 3 ? 3.1 : i) * 100));
  expect(lemonade.survivors(line, 3)).toHaveLength(3);
  expect(lemonade.survivors(line, 3)).toEqual(expect.arrayContaining([0, 4]));
});
