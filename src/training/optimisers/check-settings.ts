// The checks of an optimiser's numbers, before they spoil the weights.
import { expected } from '../../errors.ts';

/** Throws `bad-argument`, naming the first of the settings that is not a finite number of 0 or more. */
export function requireAmounts(settings: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!(value >= 0 && value < Infinity)) throw expected('bad-argument', `${name} of 0 or more`, value);
  }
}

/** Throws `bad-argument`, naming the first of the settings that is not from 0 to below 1: it stays at each step. */
export function requireDecays(settings: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!(value >= 0 && value < 1)) throw expected('bad-argument', `${name} from 0 to below 1`, value);
  }
}
