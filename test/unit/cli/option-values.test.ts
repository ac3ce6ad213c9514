import { expect, test } from 'vitest';
import { wholeNumber } from '../../../cli/option-values.ts';

test('numbers within the bounds are read', () => {
  expect(['1', '256', ' 7 '].map(wholeNumber('--workers', 1, 256))).toEqual([1, 256, 7]);
  expect(['-3', '0'].map(wholeNumber('--seed', -Infinity))).toEqual([-3, 0]);
});

test.each([
  ['0', 1, 256, 'Expected a whole number from 1 to 256, got "0" (at --n)'],
  ['257', 1, 256, 'Expected a whole number from 1 to 256, got "257" (at --n)'],
  ['-1', 0, Infinity, 'Expected a whole number, 0 or more, got "-1" (at --n)'],
  ['1.5', -Infinity, Infinity, 'Expected a whole number, got "1.5" (at --n)'],
  ['', 0, 1, 'Expected a whole number from 0 to 1, got "" (at --n)'],
])('%j is refused in the words of the settings', (text, least, most, message) => {
  expect(() => wholeNumber('--n', least, most)(text)).toThrow(message);
});
