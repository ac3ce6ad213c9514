// Makes up runs for tests of reports: any size, and the same numbers every time.
import { parseConfig } from '../../population/config.ts';
import { hypervolumeShare } from '../../src/pareto/hypervolume.ts';
import type { IndividualRecord, JournalEvent, Provenance, RunEnded } from '../../population/run/journal-events.ts';
import { frontOf, toRunRecord, type RunRecord } from '../../population/run/run-record.ts';
import { idGenerator } from '../../src/random/ids.ts';
import { RandomStream } from '../../src/random/stream.ts';

const startedAt = Date.UTC(2026, 10, 21, 14, 3, 9);
const firstParents = [
  { name: 'mlp-32', macs: 2_400, params: 2_410, error: 0.118 },
  { name: 'mlp-128', macs: 9_472, params: 9_610, error: 0.081 },
  { name: 'cnn-8', macs: 41_520, params: 3_066, error: 0.066 },
  { name: 'cnn-32', macs: 213_000, params: 21_450, error: 0.041 },
];
const perGeneration = 16;

export interface RunRecordOptions {
  /** Individuals in all, first parents and failures included. */
  readonly size: number;
  /** Every so many-th individual fails. */
  readonly failEvery?: number;
  readonly tested?: boolean;
  /** How it ended; null: it did not. */
  readonly end?: RunEnded['reason'] | null;
  /** In place of the names of data set, first parents and operators. */
  readonly name?: string;
}

/** A run that passed through the journal's own schema. */
export function syntheticRunRecord({
  size,
  failEvery,
  tested = true,
  end = 'generations',
  name,
}: RunRecordOptions): RunRecord {
  const rng = RandomStream.fromSeed('synthetic run');
  const nextId = idGenerator(rng.fork('ids'));
  const reference: [number, number] = [1, 1_000_000];
  const individuals: IndividualRecord[] = [];
  const events: JournalEvent[] = [startEvent(reference, name ?? 'digits')];

  const completeGeneration = (): void => {
    const front = frontOf({ individuals, tests: new Map() });
    events.push({
      type: 'generation',
      at: startedAt + 1700 * individuals.length + 500,
      generation: generationOf(individuals.length),
      evaluations: individuals.length,
      survivors: front.map(({ id }) => id),
      front: front.map(({ id }) => id),
      // The share of the box up to the reference, as the run records it.
      hypervolume: hypervolumeShare(
        front.map(({ objectives }) => [objectives.error, objectives.macs]),
        reference,
      ),
    });
  };

  for (let evaluation = 1; evaluation <= size; evaluation++) {
    const failed = failEvery !== undefined && evaluation % failEvery === 0;
    const { provenance, macs, params, error } = newborn(rng, individuals, name);
    const individual: IndividualRecord = {
      type: 'individual',
      at: startedAt + 1700 * evaluation,
      evaluation,
      generation: generationOf(evaluation),
      id: nextId(),
      job: evaluation.toString(16).padStart(64, 'a'),
      provenance,
      macs,
      params,
      validation: failed ? null : { error, loss: 3 * error },
      failure: failed ? 'the loss became NaN' : null,
      model: failed ? null : evaluation.toString(16).padStart(64, '0'),
      samplesSeen: 4316,
      samplesInherited: 4316 * (1 + generationOf(evaluation)),
    };
    individuals.push(individual);
    events.push(individual);
    if (evaluation === size || generationOf(evaluation + 1) > generationOf(evaluation)) completeGeneration();
  }
  if (tested) events.push(...testsOf(individuals));
  if (end !== null) events.push({ type: 'end', at: startedAt + 1700 * size + 2300, reason: end });
  return toRunRecord(events, 'synthetic');
}

function generationOf(evaluation: number): number {
  return Math.max(0, Math.ceil((evaluation - firstParents.length) / perGeneration));
}

function startEvent(reference: [number, number], name: string): JournalEvent {
  return {
    type: 'run',
    at: startedAt,
    version: '0.1.0',
    config: parseConfig({ data: name, seed: 42, generations: 8, maxEvaluations: 500 }),
    dataset: { name, hash: 'd1'.repeat(32), train: 1079, validation: 359, test: 359, classes: 10, shape: [1, 8, 8] },
    reference,
  };
}

/** A mutated child costs more than its parent, a stitched one what lies between its parents; either may fare worse. */
function newborn(
  rng: RandomStream,
  individuals: readonly IndividualRecord[],
  name: string | undefined,
): { provenance: Provenance; macs: number; params: number; error: number } {
  const first = firstParents[individuals.length];
  if (first) return { ...first, provenance: { how: 'first', name: name ?? first.name, parents: [] } };
  const finished = individuals.filter(({ validation }) => validation);
  const parent = rng.pick(finished);
  const other = rng.pick(finished);
  const stitched = rng.float() < 0.4;
  const between = (a: number, b: number): number => a * (b / a) ** rng.float();
  const growth = Math.exp(0.4 * rng.float());
  const inherited = stitched
    ? between(parent.validation!.error, other.validation!.error)
    : parent.validation!.error * Math.exp(-0.1);
  const error = Math.min(0.9, inherited * Math.exp(0.25 * rng.normal()));
  const measured = {
    macs: Math.round(stitched ? between(parent.macs, other.macs) : parent.macs * growth),
    params: Math.round(stitched ? between(parent.params, other.params) : parent.params * growth),
    error: Math.max(2, Math.round(359 * error)) / 359,
  };
  if (stitched) {
    const crossings = [{ from: 'conv1', to: 'conv2' }];
    return {
      ...measured,
      provenance: { how: 'stitching', crossings, output: 'b', fit: [0.8], parents: [parent.id, other.id] },
    };
  }
  const operator = name ?? rng.pick(['widen-pair', 'insert-identity-conv', 'grow-kernel', 'residual-branch']);
  return { ...measured, provenance: { how: 'mutation', operator, site: { node: 'conv1' }, parents: [parent.id] } };
}

/** The front and the first parents, on the test part a little worse than on validation. */
function testsOf(individuals: readonly IndividualRecord[]): JournalEvent[] {
  const front = new Set(frontOf({ individuals, tests: new Map() }).map(({ id }) => id));
  const tested = individuals.filter(
    ({ id, provenance, validation }) => validation && (front.has(id) || provenance.how === 'first'),
  );
  return tested.map(({ id, validation, at, evaluation }) => {
    const error = Math.round(359 * validation!.error + 1 + (evaluation % 4)) / 359;
    return { type: 'tested', at, id, test: { error, loss: 3 * error } };
  });
}
