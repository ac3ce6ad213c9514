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
  [{ toJSON: () => undefined }, '[object Object]'],
  [Symbol('own'), 'Symbol(own)'],
  ['long'.repeat(40).split(''), `${JSON.stringify('long'.repeat(40).split('')).slice(0, 117)}...`],
])('%#', (got, words) => {
  expect(expected('bad-argument', 'it', got).message).toBe(`Expected it, got ${words}`);
});

test('of an error of the system it says the path once', () => {
  const [path, system] = ['no/such', { code: 'ENOENT', syscall: 'open' }];
  const cause = Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), system);
  expect(expected('bad-run', 'a file', cause, path)).toMatchObject({
    message: 'Expected a file, got ENOENT: no such file or directory (at no/such)',
    cause,
  });
});
