import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expected } from '../../src/errors.ts';
import { nearestName } from '../../src/nearest-name.ts';

const known = ['widen-pair', 'net2wider', 'net2deeper', 'prune-filters'];

test.each([
  ['widen-par', 'widen-pair'],
  ['Net2Wider', 'net2wider'],
  ['net2depeer', 'net2deeper'],
  ['pruenfilters', 'prune-filters'],
  ['cifar', undefined],
  ['', undefined],
  ['x', undefined],
])('%j is %j', (word, name) => {
  expect(nearestName(word, known)).toBe(name);
});

test('a swap of neighbours is one mistake, two replaced letters are two', () => {
  expect(nearestName('abc', ['acb'])).toBe('acb');
  expect(nearestName('abc', ['ayz'])).toBeUndefined();
});

test('one letter more, less or other is always put right', () => {
  const words = fc.stringMatching(/^[a-z]{4,12}$/);
  fc.assert(
    fc.property(words, fc.nat(12), fc.constantFrom('', '7'), fc.nat(1), (word, at, added, dropped) => {
      const typed = word.slice(0, at) + added + word.slice(at + dropped);
      expect(nearestName(typed, ['0000', word, '1111'])).toBe(word);
    }),
  );
});

test('errors suggest what was meant, where they know names', () => {
  expect(expected('not-found', 'an operator', 'widen-par', '--op', known).message).toBe(
    'Expected an operator, got "widen-par" (at --op); did you mean "widen-pair"?',
  );
  expect(expected('not-found', 'an operator', 'x', undefined, known).message).toBe('Expected an operator, got "x"');
  expect(expected('not-found', 'an operator', 3, undefined, known).message).toBe('Expected an operator, got 3');
});
