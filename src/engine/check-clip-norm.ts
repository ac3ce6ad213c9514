// The check that a limit to the gradients' norm is one.
import { expected } from '../errors.ts';

/** Throws `bad-argument` for a limit that is no finite number above 0; undefined is no limit. */
export function checkClipNorm(clipNorm: number | undefined): void {
  if (clipNorm === undefined || (clipNorm > 0 && clipNorm < Infinity)) return;
  throw expected('bad-argument', 'a clipNorm above 0', clipNorm);
}
