// Sends candidates to an executor so that none of its workers ever waits for the next job to be packed.
import pLimit from 'p-limit';
import type { Candidate, Evaluated } from '../candidate.ts';
import { evaluateCandidate } from './evaluate-candidate.ts';
import type { Executor } from './executor.ts';

/** What becomes of each candidate, in their order. The first are begun first, to be committed while others go on. */
export function evaluateAll(executor: Executor, candidates: readonly Candidate[]): Promise<Evaluated>[] {
  // Twice as many as run at once: while a worker computes, its next job is made ready.
  const limit = pLimit(2 * executor.parallel);
  const evaluated = candidates.map((candidate) => limit(() => evaluateCandidate(executor, candidate)));
  // A rejection must not go unheard while an earlier candidate is still awaited.
  for (const one of evaluated) one.catch(() => undefined);
  return evaluated;
}
