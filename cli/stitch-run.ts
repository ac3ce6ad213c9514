// Recombines two trained models into a run folder: fits all stitches, searches the children, tunes the best, tests.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { loadData } from '../population/evaluation/load-data.ts';
import { stoppableEngine } from '../population/evaluation/stoppable-engine.ts';
import { checkWorkers } from '../population/evolve.ts';
import { parseConfig, workerPool, type EvolutionConfig, type EvolutionRun } from '../population/index.ts';
import { requireUnused, RunWriter } from '../population/run/run-directory.ts';
import { batchOf, type Samples } from '../src/data/samples.ts';
import type { Engine } from '../src/engine/engine.ts';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { expected, NeurostitchError, ofSystem, Words } from '../src/errors.ts';
import { importOnnx } from '../src/formats/onnx/import-onnx.ts';
import { costOf } from '../src/network/cost.ts';
import { inputNode } from '../src/network/network.ts';
import { layersOf, outputShape } from '../src/network/shapes.ts';
import { sameShape } from '../src/network/tensor.ts';
import { packageVersion } from '../src/package-root.ts';
import { freshTrainingState, type TrainedNetwork } from '../src/training/training-state.ts';
import { buildSupernetwork, fitSupernetwork, type Supernetwork } from '../stitching/index.ts';
import { Recombination, type Model, type StitchSettings } from './recombination.ts';

export interface StitchOptions {
  /** The run's folder, new or empty. */
  readonly out: string;
  /** Worker threads (default: one for each core, at most 8). The result does not depend on it. */
  readonly workers?: number;
  readonly signal: AbortSignal;
  /** Says how far the run has come. */
  readonly say: (line: string) => void;
}

/**
 * The run folder is that of an evolution whose first population is the two models (generation 0), with the children as
 * fitted (1) and as tuned (2): `front` and `report` read it.
 *
 * Throws before any work `bad-argument`, `not-found`, `bad-model`, `bad-network` where the models do not fit one another
 * or the data, `bad-data` and `out-exists`; `interrupted` where the signal is aborted before there is a folder.
 */
export async function stitchModels(
  paths: readonly [string, string],
  settings: StitchSettings,
  options: StitchOptions,
): Promise<EvolutionRun> {
  const { signal, say, out } = options;
  const workers = checkWorkers(options);
  const config = configOf(settings);
  requireUnused(out);
  const models: [Model, Model] = [await readModel(paths[0]), await readModel(paths[1])];
  const unfitted = buildSupernetwork(models[0].trained, models[1].trained);
  if (unfitted.stitches.length === 0) {
    throw expected('bad-network', 'two networks with tensors to stitch', new Words('none'), paths.join(', '));
  }
  say(`Loading ${settings.data}`);
  const { splits, ...dataset } = await loadData(config, signal);
  for (const { name, trained } of models) requireFit(name, trained, dataset);

  const writer = RunWriter.create(out, config);
  const executor = workerPool(workers, splits);
  const stop = (): void => void executor.close();
  signal.addEventListener('abort', stop);
  try {
    const macs = models.map(({ trained }) => costOf(trained.network).macs);
    const reference: [number, number] = [1, 2 * Math.max(...macs)];
    const counts = { train: splits.train.count, validation: splits.validation.count, test: splits.test.count };
    const { shape, ...rest } = dataset;
    writer.append({
      type: 'run',
      version: packageVersion(),
      config,
      dataset: { ...rest, shape: [...shape], ...counts },
      reference,
    });
    const engine = stoppableEngine(onnxEngine(), () => signal.aborted);
    const run = new Recombination({ config, settings, writer, executor, reference, say });
    try {
      await run.addModels(models);
      say(`Fitting ${unfitted.stitches.length} stitches`);
      const supernetwork = await fitted(engine, unfitted, splits.train, config);
      await run.searchChildren(supernetwork);
      await run.tuneBest(supernetwork);
      await run.test(engine, splits.test);
      writer.append({ type: 'end', reason: 'generations' });
    } catch (error) {
      if (!(error instanceof NeurostitchError && error.code === 'interrupted')) throw error;
      writer.append({ type: 'end', reason: 'interrupted' });
    }
    return { folder: out, record: writer.record(), front: await writer.writeFront() };
  } finally {
    signal.removeEventListener('abort', stop);
    await executor.close();
    writer.close();
  }
}

/** The run's settings as those of an evolution. */
function configOf({ data, seed, children, tune, epochs }: StitchSettings): EvolutionConfig {
  const training = { firstEpochs: 0, childEpochs: epochs, fitSamples: 2000 };
  return parseConfig({ data, seed, generations: 2, children, populationSize: tune, stitchShare: 1, training });
}

async function readModel(path: string): Promise<Model> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? expected('not-found', 'a model file', new Words('none'), path)
      : ofSystem(error, path);
  }
  return { name: basename(path), trained: { network: importOnnx(bytes).network, state: freshTrainingState } };
}

function requireFit(
  name: string,
  { network }: TrainedNetwork,
  { shape, classes }: { readonly shape: readonly number[]; readonly classes: number },
): void {
  const input = layersOf(network).get(inputNode(network).id)!.output;
  if (!sameShape(input, shape)) throw expected('bad-network', `samples of shape [${shape.join(', ')}]`, input, name);
  const output = outputShape(network);
  if (!sameShape(output, [classes])) throw expected('bad-network', `${classes} outputs, one a class`, output, name);
}

function fitted(
  engine: Engine,
  supernetwork: Supernetwork,
  samples: Samples,
  { training }: EvolutionConfig,
): Promise<Supernetwork> {
  const count = Math.min(training.fitSamples, samples.count);
  const { data } = batchOf(
    samples,
    Array.from({ length: count }, (_, position) => position),
  );
  return fitSupernetwork(engine, supernetwork, { data, count });
}
