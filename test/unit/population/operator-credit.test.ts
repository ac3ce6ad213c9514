// Operator credit: what helps is drawn more often, nothing dies out, and draws follow the probabilities.
import { expect, test } from 'vitest';
import { operators } from '../../../operators/index.ts';
import { OperatorCredit } from '../../../population/operator-credit.ts';
import { RandomStream } from '../../../src/random/stream.ts';

const four = operators.slice(0, 4);

test('all begin alike; what improves the front gains on the others', () => {
  const credit = new OperatorCredit();
  expect(credit.probabilities(four)).toEqual([0.25, 0.25, 0.25, 0.25]);
  for (let turn = 0; turn < 40; turn++) for (const [at, { name }] of four.entries()) credit.reward(name, at === 2);
  const shares = credit.probabilities(four);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(shares[2]).toBeGreaterThan(0.6);
});

test('none dies out: each keeps half of its even share, also where none improves anything', () => {
  const credit = new OperatorCredit();
  for (let turn = 0; turn < 10_000; turn++) for (const { name } of four) credit.reward(name, name === four[0]!.name);
  expect(Math.min(...credit.probabilities(four))).toBeGreaterThanOrEqual(0.125);
  for (let turn = 0; turn < 10_000; turn++) for (const { name } of four) credit.reward(name, false);
  expect(Math.min(...credit.probabilities(four))).toBeGreaterThanOrEqual(0.125);
});

test('lately counts: an operator that used to help loses its lead', () => {
  const credit = new OperatorCredit();
  const [one, two] = [four[0]!.name, four[1]!.name];
  for (let turn = 0; turn < 30; turn++) credit.reward(two, false);
  for (let turn = 0; turn < 30; turn++) credit.reward(one, false);
  for (let turn = 0; turn < 30; turn++) credit.reward(two, true);
  expect(credit.of(two)).toBeGreaterThan(0.9);
  expect(credit.of(one)).toBeLessThan(0.1);
});

test('the first to be tried is drawn by the probabilities, and every operator is tried', () => {
  const credit = new OperatorCredit();
  for (let turn = 0; turn < 40; turn++) for (const [at, { name }] of four.entries()) credit.reward(name, at === 1);
  const rng = RandomStream.fromSeed(1);
  const first = four.map(() => 0);
  for (let draw = 0; draw < 4000; draw++) {
    const order = credit.shuffle(four, rng);
    expect(new Set(order)).toEqual(new Set(four));
    first[four.indexOf(order[0]!)]! += 1;
  }
  const shares = credit.probabilities(four);
  for (const [at, share] of shares.entries()) expect(Math.abs(first[at]! / 4000 - share)).toBeLessThan(0.03);
});
