// An operator as a user may bring it.
import type { Operator } from '../../operators/index.ts';

/** Applies everywhere, and gives its parent back. */
export const ownOperator: Operator = {
  name: 'own',
  preserves: 'approximate',
  cost: 'same',
  summary: 'Does nothing.',
  source: 'a test',
  sites: () => [{ node: 'x' }],
  apply: (trained) => ({ child: trained }),
};
