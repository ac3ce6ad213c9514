// The one list of operators.
import { expected } from '../src/errors.ts';
import { activationToActiSwitch } from './activation-to-acti-switch.ts';
import { growKernel } from './grow-kernel.ts';
import { insertIdentityLayer } from './insert-identity-layer.ts';
import type { Operator } from './operator.ts';
import { widenPair } from './widen-pair.ts';
import { widenZeroFanOut } from './widen-zero-fan-out.ts';

export const operators: readonly Operator[] = [
  insertIdentityLayer,
  widenZeroFanOut,
  widenPair,
  activationToActiSwitch,
  growKernel,
];

const byName = new Map(operators.map((operator) => [operator.name, operator]));

/** The operator of this name; throws `not-found` for a name that is none. */
export function operatorNamed(name: string): Operator {
  const found = byName.get(name);
  if (!found) throw expected('not-found', `an operator (${[...byName.keys()].join(', ')})`, name);
  return found;
}
