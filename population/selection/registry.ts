// The one list of selections.
import { expected } from '../../src/errors.ts';
import { lemonade } from './lemonade.ts';
import { nsga2 } from './nsga2.ts';
import type { Selection } from './selection.ts';

/** All selections that settings can name. */
export const selections: readonly Selection[] = [nsga2, lemonade];

/** The selection of this name, of the caller's own or the built-in ones; throws `not-found` for a name that is none. */
export function selectionNamed(name: string, own: readonly Selection[] = []): Selection {
  const known = [...own, ...selections];
  const found = known.find((selection) => selection.name === name);
  if (found) return found;
  const names = known.map((each) => each.name);
  throw expected('not-found', `a selection (${names.join(', ')})`, name, 'selection', names);
}
