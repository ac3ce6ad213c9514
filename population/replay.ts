// Brings an evolution to where a run was cut off: makes each decision again and holds it against the journal.
import { expected, NeurostitchError, Words } from '../src/errors.ts';
import { askInSteps } from './ask-in-steps.ts';
import type { Evaluated } from './candidate.ts';
import { differences } from './differences.ts';
import type { Evolution } from './evolution.ts';
import { generationEvent, individualEvent } from './run/decided-events.ts';
import type { IndividualRecord, JournalEvent, UntimedEvent } from './run/journal-events.ts';
import type { RunWriter } from './run/run-directory.ts';

/**
 * Tells a new evolution what the journal has, the run's first event apart. Children are made anew; what became of them
 * is read from journal and blobs, so nothing is trained.
 *
 * Throws `bad-run`, naming the line, where a decision comes out otherwise than the journal has it: other first networks,
 * other operators, or a changed file. `bad-run` too for a missing or damaged blob, `interrupted` once the signal is
 * aborted.
 */
export async function replay(evolution: Evolution, writer: RunWriter, signal?: AbortSignal): Promise<void> {
  for (const [index, event] of writer.events.entries()) {
    if (signal?.aborted) throw new NeurostitchError('interrupted', 'Interrupted before the run went on');
    const place = writer.placeOf(index);
    if (event.type === 'individual') {
      if (evolution.waiting.length === 0) await askInSteps(evolution, signal);
      await tellAgain(evolution, writer, event, place);
    } else if (event.type === 'generation') requireSame(event, generationEvent(evolution), place);
    else if (event.type === 'limits') evolution.limit(event);
  }
}

async function tellAgain(
  evolution: Evolution,
  writer: RunWriter,
  event: IndividualRecord,
  place: string,
): Promise<void> {
  const [candidate] = evolution.waiting;
  if (!candidate) throw expected('bad-run', 'no more candidates here', event.id, place);
  const evaluated: Evaluated = event.validation
    ? {
        trained: await writer.loadModel(event.model!),
        validation: event.validation,
        fit: event.provenance.how === 'stitching' ? event.provenance.fit : [],
        samplesSeen: event.samplesSeen,
      }
    : { failure: event.failure! };
  const told = evolution.tell(candidate, evaluated);
  requireSame(event, individualEvent(evolution, candidate, evaluated, told, event.model), place);
}

/** Throws `bad-run`, naming the first difference, unless an event comes out as it did before, time apart. */
export function requireSame(before: JournalEvent, again: UntimedEvent, place: string): void {
  const { at } = before;
  const [difference] = differences(before, JSON.parse(JSON.stringify({ ...again, at })) as unknown);
  if (!difference) return;
  const { path, before: wanted, after } = difference;
  const got = after === undefined ? new Words('nothing') : after;
  throw expected('bad-run', `${path} to be ${JSON.stringify(wanted)} as before`, got, place);
}
