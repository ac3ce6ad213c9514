// Builds small ONNX files by hand, as other tools would write them, and runs them with onnxruntime.
import * as ort from 'onnxruntime-node';
import { NeurostitchError } from '../../../src/errors.ts';
import { encodeModel } from '../../../src/engine/onnx/onnx-schema.ts';
import { importOnnx } from '../../../src/formats/onnx/import-onnx.ts';
import { sizeOf, type Shape } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';

type AttributeInput = number | string | readonly number[] | { readonly float: number } | { readonly tensor: object };

export interface OperatorInput {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output?: string;
  readonly outputs?: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
}

export interface FileInput {
  /** Axes of the input "x": a number, or null for one that is left open. */
  readonly input?: readonly (number | null)[];
  readonly weights?: Readonly<Record<string, object>>;
  /** Operators; the last one's output is the model's. */
  readonly operators: readonly OperatorInput[];
  readonly opset?: number;
  /** Changes to the graph at the end. */
  readonly graph?: Readonly<Record<string, unknown>>;
}

/** An ONNX file with one input "x". */
export function onnxFile({
  input = [null, 3],
  weights = {},
  operators,
  opset = 17,
  graph = {},
}: FileInput): Uint8Array {
  const node = operators.map(({ type, inputs, output, outputs, name, domain, attributes = {} }, index) => ({
    opType: type,
    name: name ?? `${type}_${index}`,
    input: inputs,
    output: outputs ?? [output ?? 'y'],
    ...(domain !== undefined && { domain }),
    attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
  }));
  return encodeModel({
    irVersion: 8,
    producerName: 'test',
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'test',
      node,
      initializer: Object.entries(weights).map(([name, stored]) => ({ name, ...stored })),
      input: [valueInfo('x', input)],
      output: [valueInfo(node.at(-1)!.output[0]!, undefined)],
      ...graph,
    },
  });
}

export function valueInfo(name: string, sizes: readonly (number | null)[] | undefined, elemType = 1): object {
  const dim = sizes?.map((size, axis) => (size === null ? { dimParam: `open${axis}` } : { dimValue: size }));
  return { name, type: { tensorType: { elemType, ...(dim && { shape: { dim } }) } } };
}

/** Stored float32 values drawn from a seed. */
export function randomFloats(dims: Shape, seed: number, low = -1): object {
  const rng = RandomStream.fromSeed(seed);
  return floats(
    dims,
    Array.from({ length: sizeOf(dims) }, () => low + (1 - low) * rng.float()),
  );
}

export function floats(dims: Shape, values: readonly number[]): object {
  return { dims, dataType: 1, rawData: bytesOf(Float32Array.from(values)) };
}

export function integers(values: readonly number[]): object {
  return { dims: [values.length], dataType: 7, rawData: bytesOf(BigInt64Array.from(values, BigInt)) };
}

export function integer(value: number): object {
  return { dims: [], dataType: 7, int64Data: [value] };
}

export function bytesOf(values: Float32Array | Float64Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** The error that the import of a file ends in. */
export function errorOf(bytes: Uint8Array): NeurostitchError {
  try {
    importOnnx(bytes);
  } catch (error) {
    if (error instanceof NeurostitchError) return error;
    throw error;
  }
  throw new Error('imported');
}

/** The first output of the file for an input of this shape. */
export async function runFile(file: Uint8Array, shape: Shape, data: Float32Array): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const values = await session.run({ [session.inputNames[0]!]: new ort.Tensor('float32', data, shape) });
  await session.release();
  return values[session.outputNames[0]!]!.data as Float32Array;
}

function attribute(name: string, value: AttributeInput): object {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  if ('tensor' in value) return { name, type: 4, t: value.tensor };
  return { name, type: 7, ints: value };
}
