// Runs an ONNX graph with onnxruntime, on one thread unless told otherwise.
import * as ort from 'onnxruntime-node';
import { expected, NeurostitchError } from '../../errors.ts';
import type { Shape } from '../../network/tensor.ts';
import { failsOnWebGpu } from './fails-on-webgpu.ts';
import type { OnnxGraph } from './onnx-graph.ts';

export type OrtTensors = Readonly<Record<string, ort.Tensor>>;

export type ExecutionProvider = 'cpu' | 'webgpu' | 'cuda';

/** What each needs apart from the package onnxruntime-node. */
const hints: Readonly<Record<ExecutionProvider, string>> = {
  cpu: '',
  webgpu: " (needs libvulkan.so.1 and a GPU's Vulkan driver)",
  cuda: ' (needs CUDA 12, cuDNN 9, and what node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install fetches)',
};

/** How onnxruntime computes. */
export interface OnnxSettings {
  /** Where to compute; what it has no kernel for runs on the CPU (default: cpu). */
  readonly executionProvider?: ExecutionProvider;
  /** Threads inside one operation; 1 by default, since the worker threads are what runs in parallel. */
  readonly threads?: number;
}

/** Throws `bad-argument` for an unknown execution provider, and for threads that are no number of 1 or more. */
export function checkOnnxSettings({ executionProvider = 'cpu', threads = 1 }: OnnxSettings): void {
  if (!Object.hasOwn(hints, executionProvider)) {
    const known = Object.keys(hints).join(', ');
    throw expected('bad-argument', `one of the execution providers ${known}`, executionProvider);
  }
  if (!Number.isSafeInteger(threads) || threads < 1) throw expected('bad-argument', 'a number of threads', threads);
}

/**
 * `asWritten` leaves out onnxruntime's search for operations to fold and fuse, a third of the time that it takes to build.
 *
 * Throws `engine-failed` where onnxruntime refuses the graph.
 */
export async function createSession(
  graph: OnnxGraph,
  { executionProvider = 'cpu', threads = 1 }: OnnxSettings,
  { asWritten = false }: { readonly asWritten?: boolean } = {},
): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(graph.encode(), {
      executionProviders: [providerOptions(executionProvider, graph)],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      graphOptimizationLevel: asWritten && executionProvider === 'cpu' ? 'disabled' : 'all',
      // A plan of one block for all values comes on top of what the first run took: 40 % more memory, and no faster.
      enableMemPattern: false,
    });
  } catch (cause) {
    const wanted = `Expected a graph that onnxruntime runs on ${executionProvider}${hints[executionProvider]}`;
    throw new NeurostitchError('engine-failed', `${wanted}, got: ${String(cause)}`, { cause });
  }
}

/**
 * The outputs for these inputs: those that `fetches` names, written there, or all.
 *
 * Throws `engine-failed` where onnxruntime cannot compute them, such as for want of memory.
 */
export async function runSession(
  session: ort.InferenceSession,
  feeds: OrtTensors,
  fetches?: OrtTensors,
): Promise<OrtTensors> {
  try {
    return await (fetches ? session.run(feeds, fetches) : session.run(feeds));
  } catch (cause) {
    throw new NeurostitchError('engine-failed', `Expected a run of onnxruntime, got: ${String(cause)}`, { cause });
  }
}

function providerOptions(name: ExecutionProvider, graph: OnnxGraph): ort.InferenceSession.ExecutionProviderConfig {
  const forceCpuNodeNames =
    name === 'webgpu' ? graph.operations.filter(failsOnWebGpu).map((operation) => operation.name) : [];
  // An empty list is refused.
  return forceCpuNodeNames.length > 0 ? { name: 'webgpu', forceCpuNodeNames } : name;
}

/** A tensor on these values, or on a copy where they lie in shared memory, which onnxruntime cannot read. */
export function ortTensor(shape: Shape, data: Float32Array): ort.Tensor {
  return new ort.Tensor('float32', data.buffer instanceof SharedArrayBuffer ? data.slice() : data, shape);
}

export function floats(tensors: OrtTensors, name: string): Float32Array {
  return tensors[name]!.data as Float32Array;
}
