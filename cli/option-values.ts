// Reads numbers from the command line, with errors that say what was expected.
import { expected } from '../src/errors.ts';

/** A parser for commander: a whole number of at least `least`. Throws `bad-argument`. */
export function wholeNumber(option: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least) {
      const wanted = Number.isFinite(least) ? `a whole number, ${least} or more,` : 'a whole number';
      throw expected('bad-argument', `${wanted} for ${option}`, text);
    }
    return value;
  };
}
