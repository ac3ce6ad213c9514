// Reads numbers and names from the command line, with errors that say what was expected.
import { Argument, Option } from 'commander';
import { wholeNumberWords } from '../population/config.ts';
import { expected } from '../src/errors.ts';

/** A parser for commander: a whole number from `least` to `most`. Throws `bad-argument`. */
export function wholeNumber(option: string, least: number, most = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > most)
      throw expected('bad-argument', wholeNumberWords(least, most), text, option);
    return value;
  };
}

/** A parser for commander: a number for which `fits` holds; `wanted` says in words which. Throws `bad-argument`. */
export function numberWhere(
  option: string,
  wanted: string,
  fits: (value: number) => boolean,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || !fits(value))
      throw expected('bad-argument', wanted, text, option);
    return value;
  };
}

/** An option whose value is one of these names. Throws `bad-argument` with the name that may have been meant. */
export function choice(flags: string, description: string, names: readonly string[]): Option {
  const option = new Option(flags, description);
  return option.choices(names).argParser(oneOf(names, option.long ?? flags));
}

/** As `choice`, of what a command is given without an option; `usage` has its name in brackets. */
export function choiceArgument(usage: string, description: string, names: readonly string[]): Argument {
  const argument = new Argument(usage, description);
  return argument.choices(names).argParser(oneOf(names, argument.name()));
}

function oneOf(names: readonly string[], place: string): (text: string) => string {
  return (text) => {
    if (names.includes(text)) return text;
    throw expected('bad-argument', `one of ${names.join(', ')}`, text, place, names);
  };
}
