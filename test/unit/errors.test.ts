// What an error says about what came, whatever that is.
import { expect, test } from 'vitest';
import { expected } from '../../src/errors.ts';

const circle: { own?: object } = {};
circle.own = circle;

test.each<[unknown, string]>([
  [undefined, 'nothing'],
  ['text', '"text"'],
  [{ a: [1, null] }, '{"a":[1,null]}'],
  [circle, '[object Object]'],
  [[1n], '[object Array]'],
  [{ toJSON: () => undefined }, 'undefined'],
  [Symbol('own'), 'Symbol(own)'],
  ['long'.repeat(40).split(''), `${JSON.stringify('long'.repeat(40).split('')).slice(0, 117)}...`],
])('%#', (got, words) => {
  expect(expected('bad-argument', 'it', got).message).toBe(`Expected it, got ${words}`);
});
