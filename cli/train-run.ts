// Trains one network on a data set, until it is done or told to stop, and writes what came of it.
import { extname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { requireFit } from '../population/check-parts.ts';
import { loadData, type LoadedData } from '../population/evaluation/load-data.ts';
import { firstPopulation, parseConfig } from '../population/index.ts';
import { chooseEngine } from '../src/engine/auto/choose-engine.ts';
import { findEngines } from '../src/engine/auto/find-engines.ts';
import type { EngineName } from '../src/engine/auto/engine-names.ts';
import type { Engine } from '../src/engine/engine.ts';
import { expected, NeurostitchError } from '../src/errors.ts';
import { RandomStream } from '../src/random/stream.ts';
import { evaluate, type Metrics } from '../src/training/evaluate.ts';
import { softmaxCrossEntropy } from '../src/training/losses/softmax-cross-entropy.ts';
import { adamW } from '../src/training/optimisers/adam-w.ts';
import { adam } from '../src/training/optimisers/adam.ts';
import type { Optimiser } from '../src/training/optimisers/optimiser.ts';
import { sgd } from '../src/training/optimisers/sgd.ts';
import type { EpochProgress } from '../src/training/train-options.ts';
import { Trainer } from '../src/training/trainer.ts';
import { freshTrainingState, type TrainedNetwork } from '../src/training/training-state.ts';
import { readModelFile, requireModelPlace, writeModelFile } from './model-file.ts';

/** By the names that the command line has for them. */
export const optimisers = {
  adam,
  adamw: adamW,
  sgd: (rate: number): Optimiser => sgd(rate, { momentum: 0.9 }),
};

/** What decides the result. */
export interface TrainSettings {
  /** "digits", or a folder of IDX files. */
  readonly data: string;
  /** The model file to write. */
  readonly out: string;
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly optimiser: keyof typeof optimisers;
  /** Label smoothing, 0..1. */
  readonly smoothing: number;
  /** Epochs without a lower validation loss before the training ends (default: no end). */
  readonly patience?: number;
  readonly engine: EngineName | 'auto';
}

export interface TrainContext {
  /** Aborted: the network is written as it is after the step under way, and not measured. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface TrainOutcome {
  /** The file that was written. */
  readonly model: string;
  readonly epochs: number;
  readonly interrupted: boolean;
  /** Null where it was interrupted. */
  readonly validation: Metrics | null;
  readonly test: Metrics | null;
}

/**
 * `model` is a model file, or the name of a first network for the data's shape.
 *
 * Throws before any work `bad-argument`, `not-found`, `bad-model`, `bad-network` where the model does not fit the data,
 * and `bad-data`; `interrupted` where the signal is aborted before the first step, with nothing written, `engine-failed`,
 * and `evaluation-failed` where the loss stops being finite.
 */
export async function trainModel(
  model: string,
  settings: TrainSettings,
  { signal, say }: TrainContext,
): Promise<TrainOutcome> {
  const { out, data, seed } = settings;
  requireModelPlace(out);
  const config = parseConfig({ data, seed });
  const given = extname(model) === '' ? undefined : await readModelFile(model);
  say(`Loading ${data}`);
  const loaded = await loadData(config, signal);
  const rng = RandomStream.fromSeed(seed);
  const start = given ?? firstNetwork(model, loaded, rng.fork('first population'));
  requireFit(model, start.network, loaded);
  const { engine, choice } = await workingEngine(settings.engine);
  const { train, validation, test } = loaded.splits;
  say(`${train.count} samples to train, ${validation.count} to validate, ${test.count} to test; engine ${choice.name}`);
  const { trained, epochs } = await trainOn(engine, start, loaded, settings, { signal, say }, rng.fork('training'));
  await writeModelFile(out, trained);
  if (signal.aborted) return { model: out, epochs, interrupted: true, validation: null, test: null };
  const [onValidation] = await evaluate(engine, [trained.network], validation);
  const [onTest] = await evaluate(engine, [trained.network], test);
  return { model: out, epochs, interrupted: false, validation: onValidation!, test: onTest! };
}

/** Tried in another process first: what native libraries print about their troubles stays there. */
async function workingEngine(name: TrainSettings['engine']): ReturnType<typeof chooseEngine> {
  const [finding] = name === 'auto' || name === 'onnx-cpu' ? [] : await findEngines([name]);
  if (finding?.problem !== undefined) throw new NeurostitchError('engine-failed', finding.problem);
  return chooseEngine(name);
}

async function trainOn(
  engine: Engine,
  start: TrainedNetwork,
  { splits }: LoadedData,
  { epochs, batchSize, learningRate, optimiser, smoothing, patience }: TrainSettings,
  { signal, say }: TrainContext,
  rng: RandomStream,
): Promise<{ trained: TrainedNetwork; epochs: number }> {
  let done = 0;
  const options = {
    epochs,
    batchSize,
    learningRate,
    optimiser: optimisers[optimiser],
    loss: softmaxCrossEntropy({ smoothing }),
    ...(patience !== undefined && { earlyStopping: { validation: splits.validation, patience } }),
    onEpoch: (progress: EpochProgress) => {
      done = progress.epoch;
      say(epochText(progress));
    },
  };
  const trainer = await Trainer.start(engine, start, splits.train, options, rng);
  try {
    requireNotAborted(signal);
    while (!trainer.finished && !signal.aborted) {
      await trainer.step();
      // Here the process hears signals: an engine that computes in this thread gives it no other moment.
      await setImmediate();
    }
    const { network, state } = await trainer.result();
    return { trained: { network, state }, epochs: done };
  } finally {
    await trainer.dispose();
  }
}

function requireNotAborted({ aborted }: AbortSignal): void {
  if (aborted) throw new NeurostitchError('interrupted', 'Interrupted before the training began; nothing was written');
}

function epochText({ epoch, epochs, loss, accuracy, samplesPerSecond, validation }: EpochProgress): string {
  const parts = [
    `epoch ${epoch}/${epochs}`,
    `loss ${loss.toFixed(4)}`,
    ...(accuracy === undefined ? [] : [`accuracy ${(100 * accuracy).toFixed(2)} %`]),
    ...(validation ? [`validation loss ${validation.loss.toFixed(4)}`] : []),
    `${Math.round(samplesPerSecond)} samples/s`,
  ];
  return parts.join(', ');
}

function firstNetwork(name: string, { shape, classes }: LoadedData, rng: RandomStream): TrainedNetwork {
  const networks = firstPopulation(shape, classes, rng);
  const found = networks.find((own) => own.name === name);
  if (!found) {
    const names = networks.map((own) => own.name);
    const wanted = `a model file (.onnx, .safetensors), or a network of ${names.join(', ')}`;
    throw expected('bad-argument', wanted, name, undefined, names);
  }
  return { network: found.network, state: freshTrainingState };
}
