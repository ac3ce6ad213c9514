// The dot product of two tensors as an ONNX operation: what the gradient of a learned scalar comes to.
import type { OnnxGraph, OnnxValue } from '../engine/onnx/onnx-graph.ts';

/** The sum of a[i] * b[i], of shape [1]: one Gemm of [1, n] and [1, n]'. */
export function dotProduct(graph: OnnxGraph, a: OnnxValue, b: OnnxValue): OnnxValue {
  const row = (value: OnnxValue): OnnxValue => graph.reshape(value, [1, -1]);
  return graph.reshape(graph.op('Gemm', [row(a), row(b)], { transB: 1 }), [1]);
}
