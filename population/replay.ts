// Brings an evolution to where a run was cut off: makes each decision again and holds it against the journal.
import { expected, NeurostitchError, Words } from '../src/errors.ts';
import { askInSteps } from './ask-in-steps.ts';
import type { Evaluated } from './candidate.ts';
import { differences } from './differences.ts';
import type { Evolution } from './evolution.ts';
import { generationEvent, individualEvent } from './run/decided-events.ts';
import type { ControlRecord, IndividualRecord, JournalEvent, UntimedEvent } from './run/journal-events.ts';
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
    if (event.type === 'individual' || event.type === 'control') {
      if (evolution.waiting.length === 0) await askInSteps(evolution, signal);
      await tellAgain(evolution, writer, event, place);
    } else if (event.type === 'generation')
      requireSame(event, generationEvent(evolution.generation, evolution.population(), evolution), place);
    else if (event.type === 'limits') evolution.limit(event);
  }
}

async function tellAgain(
  evolution: Evolution,
  writer: RunWriter,
  event: IndividualRecord | ControlRecord,
  place: string,
): Promise<void> {
  const [candidate] = evolution.waiting;
  if (!candidate) throw expected('bad-run', 'no more candidates here', event.id, place);
  const individual = evolution.tell(candidate, await evaluatedBefore(writer, event));
  const { evaluations: evaluation, generation } = evolution;
  requireSame(event, individualEvent(individual, candidate, { evaluation, generation }, event.model), place);
}

async function evaluatedBefore(writer: RunWriter, event: IndividualRecord | ControlRecord): Promise<Evaluated> {
  const { validation, values, model, provenance, spent } = event;
  if (!validation) return { failure: event.failure!, spent };
  return {
    trained: await writer.loadModel(model!),
    validation,
    // The values that were made from these are known.
    confusion: [],
    mistakes: event.mistakes ?? [],
    latency: null,
    values: values!,
    fit: provenance.how === 'stitching' ? provenance.fit : [],
    samplesSeen: spent.samples,
    macs: { training: spent.trainingMacs, evaluation: spent.evaluationMacs },
  };
}

/** Throws `bad-run`, naming the first difference, unless an event comes out as it did before, time and machine apart. */
export function requireSame(before: JournalEvent, again: UntimedEvent, place: string): void {
  const { at } = before;
  const machine = before.type === 'run' ? { machine: before.machine } : {};
  const [difference] = differences(before, JSON.parse(JSON.stringify({ ...again, ...machine, at })) as unknown);
  if (!difference) return;
  const { path, before: wanted, after } = difference;
  const got = after === undefined ? new Words('nothing') : after;
  throw expected('bad-run', `${path} to be ${JSON.stringify(wanted)} as before`, got, place);
}
