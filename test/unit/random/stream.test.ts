import { expect, test } from 'vitest';
import { idGenerator } from '../../../src/random/ids.ts';
import { RandomStream } from '../../../src/random/stream.ts';

const draws = (stream: RandomStream, count = 5): number[] => Array.from({ length: count }, () => stream.float());

test('the same seed gives the same draws, another seed others', () => {
  expect(draws(RandomStream.fromSeed(7))).toEqual(draws(RandomStream.fromSeed(7)));
  expect(draws(RandomStream.fromSeed(7))).not.toEqual(draws(RandomStream.fromSeed(8)));
  expect(draws(RandomStream.fromSeed('7'))).not.toEqual(draws(RandomStream.fromSeed(7)));
});

test('a fork depends on its label, not on what was drawn before', () => {
  const [fresh, used] = [RandomStream.fromSeed(1), RandomStream.fromSeed(1)];
  draws(used, 100);
  expect(draws(used.fork('x'))).toEqual(draws(fresh.fork('x')));
  expect(draws(fresh.fork('x'))).not.toEqual(draws(fresh.fork('y')));
});

test('a stream goes on from its saved state', () => {
  const stream = RandomStream.fromSeed(3);
  draws(stream, 10);
  const state = JSON.parse(JSON.stringify(stream.state())) as ReturnType<RandomStream['state']>;
  expect(draws(RandomStream.fromState(state))).toEqual(draws(stream));
});

test('a shuffle keeps all items and leaves the list alone', () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  const shuffled = RandomStream.fromSeed(1).shuffle(items);
  expect(shuffled).not.toEqual(items);
  expect(shuffled.toSorted()).toEqual(items);
});

test('bad seeds and bounds are refused', () => {
  expect(() => RandomStream.fromSeed(1.5)).toThrow('Expected an integer as seed, got 1.5');
  expect(() => RandomStream.fromSeed(1).int(0)).toThrow('Expected a bound of 1 or more, got 0');
  expect(() => RandomStream.fromSeed(1).pick([])).toThrow('at least one item');
});

test('ids are reproducible and distinct', () => {
  const make = (): string[] => {
    const next = idGenerator(RandomStream.fromSeed(1));
    return Array.from({ length: 1000 }, next);
  };
  expect(make()).toEqual(make());
  expect(new Set(make()).size).toBe(1000);
  expect(make()[0]).toMatch(/^[2-9a-km-np-z]{8}$/);
});
