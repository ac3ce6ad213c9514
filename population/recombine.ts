// Recombines two trained models into a run folder: fits all stitches, searches the children, tunes the best, tests.
import { batchOf, type Samples } from '../src/data/samples.ts';
import type { Engine } from '../src/engine/engine.ts';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { expected, NeurostitchError, Words } from '../src/errors.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import { buildSupernetwork, fitSupernetwork, type StitchType, type Supernetwork } from '../stitching/index.ts';
import { requireFit, requireNamed } from './check-parts.ts';
import { loadData } from './evaluation/load-data.ts';
import { stoppableEngine } from './evaluation/stoppable-engine.ts';
import { workerPool } from './evaluation/worker-pool.ts';
import { checkSignal, checkWorkers, type EvolutionEvents, type EvolutionRun, type EvolveOptions } from './evolve.ts';
import { RunObjectives } from './objectives/run-objectives.ts';
import { Recombination } from './recombination.ts';
import { asEvolution, parseRecombination, type RecombinationSettings } from './recombination-settings.ts';
import { startedEvent } from './run/decided-events.ts';
import { requireFolderName, requireUnused, RunWriter } from './run/run-directory.ts';

/** A trained network to recombine, and how the journal and the report call it. */
export interface NamedModel {
  readonly name: string;
  readonly trained: TrainedNetwork;
}

/** Where a recombination goes, how it is carried out, and the stitch types; only these change the result. */
export type RecombineOptions = Pick<EvolveOptions, 'out' | 'workers' | 'signal' | 'stitchTypes'>;

/** What happens during a recombination, as it happens: generation 0 are the models, 1 the children, 2 the tuned ones. */
export interface RecombinationEvents extends EvolutionEvents {
  /** So many stitches are about to be fitted. */
  onFit?(stitches: number): void;
}

/**
 * Recombines two models into a run folder like that of an evolution whose first population they are (generation 0), with
 * children as fitted (1) and with their stitches trained (2): `openRun` and reports read it. The models must not have
 * seen the validation and test parts of the data, or the errors there say little.
 *
 * Throws before any work `bad-argument`, `bad-config`, `not-found`, `bad-data`, `out-exists`, and `bad-network` where the
 * models' inputs or classes differ, where nothing in them can be stitched, or where they do not fit the data;
 * `interrupted` where the signal is aborted before there is a folder, and `evaluation-failed` where a model does not run.
 */
export async function recombine(
  models: readonly [NamedModel, NamedModel],
  settings: RecombinationSettings,
  options: RecombineOptions,
  events: RecombinationEvents = {},
): Promise<EvolutionRun> {
  const { search, ...rest } = parseRecombination(settings);
  const config = asEvolution({ search, ...rest });
  // JavaScript may have left out anything.
  const { out, ...given }: Partial<RecombineOptions> = { ...options };
  requireFolderName(out, 'out');
  const workers = checkWorkers(given);
  const signal = checkSignal(given);
  requireUnused(out);
  const unfitted = supernetworkOf(models, given.stitchTypes);
  events.onLoad?.(config.data);
  const data = await loadData(config, signal);
  const { splits } = data;
  for (const { name, trained } of models) requireFit(name, trained.network, data);
  const objectives = new RunObjectives(config).descriptions();
  const writer = RunWriter.create(out, config);
  try {
    const start = writer.append(startedEvent(config, data, objectives, { by: 'recombine', search }));
    events.onStart?.(start);
    const executor = workerPool(workers, splits, { engine: config.engine });
    const stop = (): void => void executor.close();
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    try {
      const engine = stoppableEngine(onnxEngine(), () => signal?.aborted ?? false);
      const run = new Recombination({ config, search, writer, executor, events });
      await run.addModels(models);
      events.onFit?.(unfitted.stitches.length);
      const supernetwork = await fittedOn(engine, unfitted, splits.train, config.training.fitSamples);
      await run.searchChildren(supernetwork);
      await run.tuneBest(supernetwork);
      await run.test(engine, splits.test);
      writer.append({ type: 'end', reason: 'generations' });
    } catch (error) {
      if (!(error instanceof NeurostitchError && error.code === 'interrupted')) throw error;
      writer.append({ type: 'end', reason: 'interrupted' });
    } finally {
      signal?.removeEventListener('abort', stop);
      await executor.close();
    }
    return { folder: out, record: writer.record(), front: await writer.writeFront() };
  } finally {
    writer.close();
  }
}

function supernetworkOf(
  models: readonly [NamedModel, NamedModel],
  types: readonly StitchType[] | undefined,
): Supernetwork {
  // JavaScript may hand over anything.
  const given: unknown = models;
  if (!Array.isArray(given) || given.length !== 2)
    throw expected('bad-argument', 'two models, each { name, trained }', given, 'models');
  const entries = given as (
    { readonly name?: string; readonly trained?: Partial<TrainedNetwork> } | null | undefined
  )[];
  const networks = entries.map((model) => ({ name: model?.name, network: model?.trained?.network }));
  requireNamed(networks, 'models', 'a model { name, trained }');
  const [a, b] = models;
  const unfitted = buildSupernetwork(a.trained, b.trained, types && { types });
  if (unfitted.stitches.length > 0) return unfitted;
  throw expected('bad-network', 'two networks with tensors to stitch', new Words('none'), `${a.name}, ${b.name}`);
}

function fittedOn(engine: Engine, unfitted: Supernetwork, samples: Samples, most: number): Promise<Supernetwork> {
  const count = Math.min(most, samples.count);
  const { data } = batchOf(
    samples,
    Array.from({ length: count }, (_, position) => position),
  );
  return fitSupernetwork(engine, unfitted, { data, count });
}
