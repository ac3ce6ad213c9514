import { expect, test } from 'vitest';
import { wholeNumber } from '../../../cli/option-values.ts';
import { createProgram } from '../../../cli/program.ts';

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

test.each([
  [['help', 'mutat'], 'got "mutat" (at command); did you mean "mutate"?'],
  [['completion', 'bsh'], 'Expected one of bash, zsh, fish, got "bsh" (at shell); did you mean "bash"?'],
  [['export', 'run', 'id', '--to', 'onx'], 'got "onx" (at --to); did you mean "onnx"?'],
])('a name that is mistyped brings a suggestion: %j', async (args, message) => {
  await expect(createProgram().parseAsync(args, { from: 'user' })).rejects.toThrow(message);
});
