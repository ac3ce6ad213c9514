// Makes up runs for tests of reports: any size, and the same numbers every time.
import { parseConfig, type EvolutionSettings } from '../../population/config.ts';
import { distances, type ObjectiveValues } from '../../population/objectives/compare.ts';
import type { Objective } from '../../population/objectives/objective.ts';
import { RunObjectives } from '../../population/objectives/run-objectives.ts';
import { hypervolumeShare } from '../../src/pareto/hypervolume.ts';
import type {
  Compute,
  ControlRecord,
  IndividualRecord,
  JournalEvent,
  Provenance,
  RunEnded,
  RunStarted,
} from '../../population/run/journal-events.ts';
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

/** An objective of a caller's own, to maximise. */
export const recall: Objective = {
  name: 'recall',
  title: 'recall of class 3',
  goal: 'maximise',
  ideal: 1,
  reference: 0,
  unit: '%',
  of: 'evaluation',
  measure: ({ confusion }) => confusion[3]![3]! / confusion[3]!.reduce((sum, count) => sum + count, 0),
};

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
  /** Other settings, such as objectives and constraints. */
  readonly settings?: Omit<EvolutionSettings, 'data'>;
  /** Objectives of a caller's own. */
  readonly own?: readonly Objective[];
  /** Every so many-th individual is stopped at a rung, after 45 of 359 samples. */
  readonly stopEvery?: number;
}

/** A run that passed through the journal's own schema. */
export function syntheticRunRecord({
  size,
  failEvery,
  tested = true,
  end = 'generations',
  name,
  settings = {},
  own = [],
  stopEvery,
}: RunRecordOptions): RunRecord {
  const rng = RandomStream.fromSeed('synthetic run');
  const nextId = idGenerator(rng.fork('ids'));
  const config = parseConfig({ data: name ?? 'digits', seed: 42, generations: 8, maxEvaluations: 500, ...settings });
  const objectives = new RunObjectives(config, own);
  const start = startEvent(config, objectives);
  const reference = referenceOf(objectives);
  const individuals: IndividualRecord[] = [];
  const events: JournalEvent[] = [start];

  const completeGeneration = (): void => {
    const front = frontOf({ start, individuals, tests: new Map() });
    events.push({
      type: 'generation',
      at: startedAt + 1700 * individuals.length + 500,
      generation: generationOf(individuals.length),
      evaluations: individuals.length,
      survivors: front.map(({ id }) => id),
      front: front.map(({ id }) => id),
      // The share of the box up to the reference, as the run records it.
      hypervolume: hypervolumeShare(
        front.map((member) => objectives.vector(member.objectives)),
        distances(objectives.optimised, reference),
      ),
      reference,
    });
  };

  for (let evaluation = 1; evaluation <= size; evaluation++) {
    const failed = failEvery !== undefined && evaluation % failEvery === 0;
    const { provenance, macs, params, error } = newborn(rng, individuals, name);
    const stopped = stopEvery !== undefined && evaluation % stopEvery === 0;
    const values = valuesOf(objectives, { error, macs, params });
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
      validation: failed ? null : { error, loss: 3 * error, samples: stopped ? 45 : 359 },
      values: failed ? null : values,
      violation: failed ? null : objectives.violation(values),
      failure: failed ? 'the loss became NaN' : null,
      model: failed ? null : evaluation.toString(16).padStart(64, '0'),
      spent: computeOf(4316, macs),
      inherited: computeOf(4316 * (1 + generationOf(evaluation)), macs),
    };
    individuals.push(individual);
    events.push(individual);
    if (evaluation === size || generationOf(evaluation + 1) > generationOf(evaluation)) completeGeneration();
  }
  if (tested) events.push(...testsOf(start, individuals));
  if (end !== null) events.push({ type: 'end', at: startedAt + 1700 * size + 2300, reason: end });
  return toRunRecord(events, 'synthetic');
}

function generationOf(evaluation: number): number {
  return Math.max(0, Math.ceil((evaluation - firstParents.length) / perGeneration));
}

function computeOf(samples: number, macs: number): Compute {
  return { samples, trainingMacs: 3 * samples * macs, evaluationMacs: 359 * macs };
}

/** Made up of what is known of every individual: a better objective for a lower error, or a higher cost for more MACs. */
function valuesOf(
  { all }: RunObjectives,
  { error, macs, params }: { error: number; macs: number; params: number },
): ObjectiveValues {
  const known: ObjectiveValues = { error, loss: 3 * error, macs, params, bytes: 4 * params, latency: macs / 50_000 };
  return Object.fromEntries(
    all.map(({ name, goal }) => [name, known[name] ?? (goal === 'maximise' ? 1 - error : macs)]),
  );
}

function referenceOf(objectives: RunObjectives): ObjectiveValues {
  const worst = valuesOf(objectives, { error: 1, macs: 1_000_000, params: 100_000 });
  return Object.fromEntries(objectives.optimised.map(({ name }) => [name, worst[name]!]));
}

function startEvent(config: RunStarted['config'], objectives: RunObjectives): RunStarted {
  const name = config.data;
  return {
    type: 'run',
    at: startedAt,
    by: 'evolve',
    version: '0.1.0',
    machine: { node: 'v20.19.2', platform: 'linux x64', cpu: 'Example CPU 3.0 GHz', cores: 4, memory: 8 * 2 ** 30 },
    config,
    dataset: { name, hash: 'd1'.repeat(32), train: 1079, validation: 359, test: 359, classes: 10, shape: [1, 8, 8] },
    objectives: objectives.descriptions(),
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
function testsOf(start: RunStarted, individuals: readonly IndividualRecord[]): JournalEvent[] {
  const front = new Set(frontOf({ start, individuals, tests: new Map() }).map(({ id }) => id));
  const tested = individuals.filter(
    ({ id, provenance, validation }) => validation && (front.has(id) || provenance.how === 'first'),
  );
  return tested.map(({ id, validation, at, evaluation }) => {
    const error = Math.round(359 * validation!.error + 1 + (evaluation % 4)) / 359;
    return { type: 'tested', at, id, test: { error, loss: 3 * error } };
  });
}

/** An individual as if it had been measured to have this error, and these MACs. */
export function scoredAs(individual: IndividualRecord, error: number, macs = individual.macs): IndividualRecord {
  const validation = { error, loss: 3 * error, samples: 359 };
  return { ...individual, macs, validation, values: { error, macs }, violation: 0 };
}

/** A control of this child: its parent, trained as long, with such an error. */
export function controlOf(child: IndividualRecord, error: number): ControlRecord {
  const [parent] = child.provenance.parents;
  return {
    ...scoredAs(child, error),
    type: 'control',
    id: `control of ${child.id}`,
    provenance: { how: 'control', parents: [parent!] },
  };
}
