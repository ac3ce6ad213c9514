// Builds the typed refusal that an operator returns where it does not apply.
import { expected } from '../src/errors.ts';
import type { Refusal, RefusalReason } from './operator.ts';

export interface Refused {
  readonly refusal: Refusal;
}

/** A refusal that reads "Expected ..., got ...". */
export function refuse(reason: RefusalReason, wanted: string, got: unknown): Refused {
  return { refusal: { reason, message: expected('bad-argument', wanted, got).message } };
}
