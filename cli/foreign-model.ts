// Models that other programs wrote: read as networks, and run as they are, to see that both compute the same.
import * as ort from 'onnxruntime-node';
import { extname } from 'node:path';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { NeurostitchError, reasonOf } from '../src/errors.ts';
import { importOnnx } from '../src/formats/onnx/import-onnx.ts';
import { inputNode, type Network } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import { sizeOf, type Shape } from '../src/network/tensor.ts';
import { RandomStream } from '../src/random/stream.ts';
import { freshTrainingState, type TrainedNetwork } from '../src/training/training-state.ts';
import { inFile, readBytes, readModelFile } from './model-file.ts';

/** A model as read, and its file where that is one to run. */
export interface ForeignModel {
  readonly trained: TrainedNetwork;
  /** What a person should know: what was rounded, or taken more generally. */
  readonly notes: readonly string[];
  /** The ONNX file. */
  readonly original: Uint8Array | undefined;
}

/** How far a network's outputs are from the original's, in float32. */
export interface ImportDifference {
  /** The largest |a - b| of any output. */
  readonly largest: number;
  /** The same as a share of the original's largest output; 0 where both are. */
  readonly relative: number;
  readonly samples: number;
}

const fewestSamples = 16;

/** `inputShape` is that of one sample, for ONNX files that leave it open. Throws what `readModelFile` throws. */
export async function readForeignModel(path: string, inputShape?: Shape): Promise<ForeignModel> {
  if (extname(path) !== '.onnx') return { trained: await readModelFile(path), notes: [], original: undefined };
  const original = await readBytes(path);
  const { network, notes } = inFile(path, () => importOnnx(original, inputShape && { inputShape }));
  return { trained: { network, state: freshTrainingState }, notes, original };
}

/**
 * Runs the file by onnxruntime and the network by our engine on standard normal values. Throws `engine-failed` where
 * onnxruntime cannot run the file.
 */
export async function compareWithOriginal(original: Uint8Array, network: Network): Promise<ImportDifference> {
  const shape = layersOf(network).get(inputNode(network).id)!.output;
  const { samples, data, outputs } = await runOriginal(original, shape);
  const program = await onnxEngine().compile([network]);
  try {
    const [got] = await program.forward({ size: samples, data });
    let [largest, scale] = [0, 0];
    outputs.forEach((value, i) => {
      const difference = Math.abs(value - got![i]!);
      largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
      scale = Math.max(scale, Math.abs(value));
    });
    return { largest, relative: largest === 0 ? 0 : largest / scale, samples };
  } finally {
    await program.dispose();
  }
}

interface OriginalRun {
  readonly samples: number;
  readonly data: Float32Array;
  readonly outputs: readonly number[];
}

/** Samples of this shape and what the file makes of them, in batches of the size that it takes. */
async function runOriginal(file: Uint8Array, shape: Shape): Promise<OriginalRun> {
  try {
    const session = await ort.InferenceSession.create(file, { logSeverityLevel: 4, intraOpNumThreads: 1 });
    const [input] = session.inputMetadata;
    if (!input?.isTensor) throw new Error('its input is no tensor');
    const [declared] = input.shape;
    const batch = typeof declared === 'number' && declared > 0 ? declared : fewestSamples;
    const batchSize = batch * sizeOf(shape);
    const samples = Math.ceil(fewestSamples / batch) * batch;
    const rng = RandomStream.fromSeed('import');
    const data = new Float32Array(samples * sizeOf(shape)).map(() => rng.normal());
    const outputs: number[] = [];
    for (let start = 0; start < data.length; start += batchSize) {
      const values = data.slice(start, start + batchSize);
      const dims = [batch, ...shape];
      const tensor =
        input.type === 'float64'
          ? new ort.Tensor('float64', Float64Array.from(values), dims)
          : new ort.Tensor('float32', values, dims);
      const made = await session.run({ [input.name]: tensor });
      outputs.push(...(made[session.outputNames[0]!]!.data as Float32Array | Float64Array));
    }
    await session.release();
    return { samples, data, outputs };
  } catch (cause) {
    const text = reasonOf(cause);
    throw new NeurostitchError('engine-failed', `Expected a file that onnxruntime runs, got: ${text}`, { cause });
  }
}
