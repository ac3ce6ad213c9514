// Checks stitch types when they come in: plain JavaScript may hand over anything.
import { expected } from '../../src/errors.ts';
import type { StitchType } from './stitch-type.ts';

/** Throws `bad-argument`, naming the place, for anything but a list of at least one stitch type. */
export function requireStitchTypes(types: readonly StitchType[], place = 'types'): void {
  if (!Array.isArray(types) || types.length === 0) {
    throw expected('bad-argument', 'a list of at least one stitch type', types, place);
  }
  for (const [index, type] of (types as (Readonly<Record<string, unknown>> | null)[]).entries()) {
    const at = `${place}.${index}`;
    const { name, weight, joins, build, align, target } = type ?? {};
    if (typeof name !== 'string' || name === '') throw expected('bad-argument', 'a stitch type with a name', name, at);
    if (!(typeof weight === 'number' && weight > 0 && weight < Infinity)) {
      throw expected('bad-argument', 'a number above 0', weight, `${at}.weight`);
    }
    const functions = { joins, build, ...(align !== undefined && { align }), ...(target !== undefined && { target }) };
    for (const [key, value] of Object.entries(functions)) {
      if (typeof value !== 'function') throw expected('bad-argument', 'a function', value, `${at}.${key}`);
    }
  }
}
