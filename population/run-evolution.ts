// Runs an evolution from where it stands to its end: evaluates in parallel, commits in order, tests the front.
import { engineCandidate } from '../src/engine/auto/engine-candidates.ts';
import type { EngineName } from '../src/engine/auto/engine-names.ts';
import type { Splits } from '../src/data/split.ts';
import type { Samples } from '../src/data/samples.ts';
import { NeurostitchError } from '../src/errors.ts';
import { evaluate } from '../src/training/evaluate.ts';
import { askInSteps } from './ask-in-steps.ts';
import { evaluateAll } from './evaluation/evaluate-all.ts';
import type { Executor } from './evaluation/executor.ts';
import { stoppableEngine } from './evaluation/stoppable-engine.ts';
import { workerPool } from './evaluation/worker-pool.ts';
import type { Evolution } from './evolution.ts';
import type { EvolutionEvents, EvolutionRun } from './evolve.ts';
import { byMacs, generationEvent, individualEvent } from './run/decided-events.ts';
import { operatorLabel, type RunRecord } from './run/run-record.ts';
import type { RunWriter } from './run/run-directory.ts';

/** A run under way. */
export interface RunUnderWay {
  readonly evolution: Evolution;
  readonly writer: RunWriter;
  readonly splits: Splits;
  readonly workers: number;
  readonly engine: EngineName;
  /** Of this sitting; null: no limit. */
  readonly maxSeconds: number | null;
  readonly signal: AbortSignal | undefined;
  readonly events: EvolutionEvents;
}

/** Throws `evaluation-failed` where no first network can be trained. Once the signal is aborted, the run just ends. */
export async function runEvolution(run: RunUnderWay): Promise<EvolutionRun> {
  const { evolution, writer, splits } = run;
  try {
    // Workers take seconds to start: a run that only lacks its end needs none.
    const reason = evolution.finished ?? (await runGenerations(run));
    if (reason === 'failed') throw allFailed(writer.record());
    await testFront(run, splits.test);
    writer.append({ type: 'end', reason });
  } catch (error) {
    if (!(error instanceof NeurostitchError && error.code === 'interrupted')) throw error;
    writer.append({ type: 'end', reason: 'interrupted' });
  }
  return { folder: writer.folder, record: writer.record(), front: await writer.writeFront() };
}

/** One generation after the other; returns why there is no next. */
async function runGenerations(run: RunUnderWay): Promise<NonNullable<Evolution['finished']> | 'maxSeconds'> {
  const { evolution, splits, workers, engine, maxSeconds, signal } = run;
  const executor = workerPool(workers, splits, { engine });
  const started = performance.now();
  const stop = (): void => void executor.close();
  signal?.addEventListener('abort', stop);
  try {
    if (signal?.aborted) stop();
    for (;;) {
      await runGeneration(run, executor);
      if (evolution.finished) return evolution.finished;
      if (performance.now() - started >= 1000 * (maxSeconds ?? Infinity)) return 'maxSeconds';
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    await executor.close();
  }
}

/** Evaluates a generation, or what is left of it, in parallel and commits it in the order it was asked. */
async function runGeneration(run: RunUnderWay, executor: Executor): Promise<void> {
  const { evolution, writer, events, signal } = run;
  const done = evolution.told;
  if (done === 0) events.onAsk?.(evolution.generation + 1);
  const candidates = done > 0 ? evolution.waiting : await askInSteps(evolution, signal);
  if (candidates.length === 0) return;
  const total = done + candidates.length;
  events.onEvaluate?.(evolution.generation, total);
  const pending = evaluateAll(executor, candidates);
  for (const [index, candidate] of candidates.entries()) {
    const evaluated = await pending[index]!;
    const individual = evolution.tell(candidate, evaluated);
    const model = 'failure' in individual.outcome ? null : await writer.saveModel(individual.trained);
    const { evaluations: evaluation, generation } = evolution;
    const record = writer.append(individualEvent(individual, candidate, { evaluation, generation }, model));
    if (record.type === 'individual') events.onIndividual?.(record, { index: done + index + 1, total });
  }
  await closeGeneration(run);
}

/** Commits a generation of which every candidate was told. */
export async function closeGeneration({
  evolution,
  writer,
  events,
}: Pick<RunUnderWay, 'evolution' | 'writer' | 'events'>): Promise<void> {
  const generation = writer.append(generationEvent(evolution.generation, evolution.population(), evolution));
  writer.sync();
  await writer.writeFront();
  events.onGeneration?.(generation);
}

/** Front and first population on the test part, in one graph: shared nodes are computed once. */
async function testFront(
  { evolution, writer, engine: name, events, signal }: RunUnderWay,
  samples: Samples,
): Promise<void> {
  const front = byMacs(evolution.front());
  const members = [...new Set([...front, ...evolution.firsts().filter(({ outcome }) => 'values' in outcome)])];
  events.onTest?.(members.length);
  const engine = stoppableEngine(await engineCandidate(name).create({}), () => signal?.aborted ?? false);
  const networks = members.map(({ trained }) => trained.network);
  const metrics = await evaluate(engine, networks, samples);
  const { tests } = writer.record();
  for (const [index, { id }] of members.entries()) {
    const test = metrics[index]!;
    // What overflows on the test part alone goes without a result, as if it had not been tested.
    if (Number.isFinite(test.loss) && !tests.has(id)) writer.append({ type: 'tested', id, test });
  }
  await writer.writeModels(front);
}

function allFailed({ individuals }: RunRecord): NeurostitchError {
  const [first] = individuals;
  const why = `${operatorLabel(first!.provenance)}: ${first!.failure ?? ''}`;
  return new NeurostitchError('evaluation-failed', `Expected a network that trains, but all failed; ${why}`);
}
