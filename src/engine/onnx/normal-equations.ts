// The sums of a linear regression between two nodes' values as ONNX operations.
import type { Shape } from '../../network/tensor.ts';
import { sizeOf } from '../../network/tensor.ts';
import type { NodeRef, NormalEquations } from '../engine.ts';
import type { OnnxGraph, OnnxValue } from './onnx-graph.ts';
import { floats, type OrtTensors } from './session.ts';

export interface Regression {
  readonly from: NodeRef;
  readonly to: NodeRef;
  readonly shape: Shape;
  readonly target: Shape;
}

/** Emits X'X, X'Y, the column sums of X and Y, and the squares of Y; rows are samples or pixels. */
export function emitNormalEquations(
  graph: OnnxGraph,
  { shape, target }: Regression,
  index: number,
  from: OnnxValue,
  to: OnnxValue,
): void {
  const [inputs, outputs] = [shape[0]!, target[0]!];
  const x = channelRows(graph, from, shape);
  const y = channelRows(graph, to, target);
  graph.output(`xx${index}`, graph.op('Gemm', [x, x], { transB: 1 }), [inputs, inputs]);
  graph.output(`xy${index}`, graph.op('Gemm', [x, y], { transB: 1 }), [inputs, outputs]);
  graph.output(`x${index}`, graph.sum(x, [1], false), [inputs]);
  graph.output(`y${index}`, graph.sum(y, [1], false), [outputs]);
  graph.output(`yy${index}`, graph.sum(graph.op('Mul', [y, y]), [1], false), [outputs]);
}

/** [batch, channels, ...] -> [channels, positions]. */
function channelRows(graph: OnnxGraph, value: OnnxValue, shape: Shape): OnnxValue {
  const perm = [1, 0, ...shape.slice(1).map((_, axis) => axis + 2)];
  return graph.reshape(graph.op('Transpose', [value], { perm }), [shape[0]!, -1]);
}

export function readNormalEquations(
  { shape, target }: Regression,
  batch: number,
  index: number,
  values: OrtTensors,
): NormalEquations {
  const [inputs, outputs] = [shape[0]!, target[0]!];
  const width = inputs + 1;
  const count = batch * sizeOf(shape.slice(1));
  const products = floats(values, `xx${index}`);
  const crossed = floats(values, `xy${index}`);
  const sums = floats(values, `x${index}`);
  const xx = new Float64Array(width * width);
  const xy = new Float64Array(width * outputs);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < inputs; j++) xx[i * width + j] = products[i * inputs + j]!;
    xx[i * width + inputs] = xx[inputs * width + i] = sums[i]!;
    for (let j = 0; j < outputs; j++) xy[i * outputs + j] = crossed[i * outputs + j]!;
  }
  xx[inputs * width + inputs] = count;
  xy.set(floats(values, `y${index}`), inputs * outputs);
  return { count, inputs, outputs, xx, xy, yy: Float64Array.from(floats(values, `yy${index}`)) };
}
