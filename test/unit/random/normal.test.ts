// Normal draws have the normal distribution: moments, tails, and the distance of the whole distribution function.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomStream } from '../../../src/random/stream.ts';

const count = 1_000_000;
const stream = RandomStream.fromSeed('normal draws');
const sorted = new Float64Array(count).map(() => stream.normal()).sort();

/** Standard errors of a mean of `count` values with this variance that a fixed seed may be off. */
function allowed(variance: number): number {
  return 4 * Math.sqrt(variance / count);
}

// E x^k is 1 * 3 * ... * (k - 1) for even k and 0 for odd ones; the variance of x^k is E x^2k less its square.
test.each([
  [1, 0, 1],
  [2, 1, 2],
  [3, 0, 15],
  [4, 3, 96],
  [6, 15, 10_170],
])('the mean of x^%i is %i', (power, wanted, variance) => {
  const mean = sorted.reduce((sum, x) => sum + x ** power, 0) / count;
  expect(Math.abs(mean - wanted)).toBeLessThan(allowed(variance));
});

/** The distribution function at x <= 0, Simpson's rule on the density from x to 0. */
function below(x: number): number {
  const steps = 200;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((x * (1 - i / steps)) ** 2) / 2);
  }
  return 0.5 + (x * sum) / (3 * steps * Math.sqrt(2 * Math.PI));
}

test('the distribution function is nowhere off by more than chance (Kolmogorov and Smirnov)', () => {
  let distance = 0;
  // Steps of 1/1000 of the draws find any gap larger than that.
  for (let i = 0; i < count; i += 1000) {
    const x = sorted[i]!;
    const wanted = x <= 0 ? below(x) : 1 - below(-x);
    distance = Math.max(distance, Math.abs(i / count - wanted));
  }
  // One right generator in 1,000 is farther off.
  expect(distance).toBeLessThan(1.95 / Math.sqrt(count));
});

test.each([
  [2, 0.0227501],
  [3, 1.349898e-3],
  [3.6541528853610088, 1.2901e-4],
  [4, 3.16712e-5],
])('as many as there should be lie beyond %f on either side', (edge, share) => {
  for (const beyond of [sorted.filter((x) => x > edge), sorted.filter((x) => x < -edge)]) {
    expect(Math.abs(beyond.length / count - share)).toBeLessThan(allowed(share));
  }
});

test('neighbours, and sizes of neighbours, are not correlated', () => {
  const draws = RandomStream.fromSeed('pairs');
  let [plain, sizes] = [0, 0];
  for (let pair = 0; pair < count; pair++) {
    const [a, b] = [draws.normal(), draws.normal()];
    plain += a * b;
    sizes += (a * a - 1) * (b * b - 1);
  }
  expect(Math.abs(plain / count)).toBeLessThan(allowed(1));
  expect(Math.abs(sizes / count)).toBeLessThan(allowed(4));
});

test('the same seed gives the same draws, also from a saved state', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(300), (seed, before) => {
      const [one, other] = [RandomStream.fromSeed(seed), RandomStream.fromSeed(seed)];
      for (let i = 0; i < before; i++) expect(one.normal()).toBe(other.normal());
      const resumed = RandomStream.fromState(one.state());
      for (let i = 0; i < 20; i++) expect(resumed.normal()).toBe(other.normal());
    }),
    { numRuns: 30 },
  );
});

test('the first draws of a seed are pinned: runs are reproducible from version to version', () => {
  const pinned = RandomStream.fromSeed(42);
  expect(Array.from({ length: 4 }, () => pinned.normal())).toMatchInlineSnapshot(`
    [
      -1.2896746459790682,
      -0.24391215317059955,
      -1.9394440556726245,
      1.6247712208693155,
    ]
  `);
});
