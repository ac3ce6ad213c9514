// Asks for a generation while the event loop goes on: thousands of children take seconds, and Ctrl-C is to be heard.
import { setImmediate } from 'node:timers/promises';
import { NeurostitchError } from '../src/errors.ts';
import type { Candidate } from './candidate.ts';
import type { Evolution } from './evolution.ts';

/** As `evolution.ask()`; throws `interrupted` once the signal is aborted, with nothing asked. */
export async function askInSteps(evolution: Evolution, signal: AbortSignal | undefined): Promise<readonly Candidate[]> {
  const asking = evolution.asking();
  for (;;) {
    const { done, value } = asking.next();
    if (done) return value;
    await setImmediate();
    if (signal?.aborted) throw new NeurostitchError('interrupted', 'Interrupted while children were made');
  }
}
