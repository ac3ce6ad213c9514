// Runs an ONNX graph with onnxruntime, on one thread unless told otherwise.
import * as ort from 'onnxruntime-node';
import { NeurostitchError } from '../../errors.ts';
import type { Shape } from '../../network/tensor.ts';
import type { OnnxGraph } from './onnx-graph.ts';

export type OrtTensors = Readonly<Record<string, ort.Tensor>>;

export interface OnnxSettings {
  /** Threads inside one operation; 1 by default, since the worker threads are what runs in parallel. */
  readonly threads?: number;
}

/** Throws `engine-failed` where onnxruntime refuses the graph. */
export async function createSession(graph: OnnxGraph, { threads = 1 }: OnnxSettings): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(graph.encode(), {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
  } catch (cause) {
    throw new NeurostitchError('engine-failed', `Expected a graph that onnxruntime runs, got: ${String(cause)}`, {
      cause,
    });
  }
}

export function ortTensor(shape: Shape, data: Float32Array): ort.Tensor {
  return new ort.Tensor('float32', data, shape);
}

export function floats(tensors: OrtTensors, name: string): Float32Array {
  return tensors[name]!.data as Float32Array;
}
