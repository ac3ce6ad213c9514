// Linear maps of images that work on height and width one after the other: resizing, and the gradient of mean pools.
import type { OnnxGraph, OnnxValue } from '../engine/onnx/onnx-graph.ts';
import type { Tfjs, TfjsTensor } from '../engine/tfjs/tfjs.ts';
import type { Pair } from './convolution-geometry.ts';

/** Along one axis: place `to` of the output takes place `from` of the input this many times. */
export interface AxisTap {
  readonly to: number;
  readonly from: number;
  readonly weight: number;
}

/** Output pixel [y, x] is the sum over all taps of rows to y and of columns to x of weight * weight * input pixel. */
export interface SeparableMap {
  /** [height, width] of the input. */
  readonly from: Pair;
  /** [height, width] of the output. */
  readonly to: Pair;
  readonly rows: readonly AxisTap[];
  readonly columns: readonly AxisTap[];
}

/** The map that goes back: the gradient of a map is its transpose. */
export function transposed({ from, to, rows, columns }: SeparableMap): SeparableMap {
  const turned = (taps: readonly AxisTap[]): AxisTap[] =>
    taps.map((tap) => ({ to: tap.from, from: tap.to, weight: tap.weight }));
  return { from: to, to: from, rows: turned(rows), columns: turned(columns) };
}

/** Maps every plane of an image: [planes, ...from] -> [planes, ...to], row-major. */
export function mapPlanes({ from, to, rows, columns }: SeparableMap, image: Float64Array): Float64Array {
  const planes = image.length / (from[0] * from[1]);
  const output = new Float64Array(planes * to[0] * to[1]);
  for (let plane = 0; plane < planes; plane++) {
    for (const row of rows) {
      const source = (plane * from[0] + row.from) * from[1];
      const target = (plane * to[0] + row.to) * to[1];
      for (const column of columns) {
        output[target + column.to]! += row.weight * column.weight * image[source + column.from]!;
      }
    }
  }
  return output;
}

/** The same as two products with constant matrices: exact on every engine, and on all of them fast. */
export function emitMap(graph: OnnxGraph, { from, to, rows, columns }: SeparableMap, image: OnnxValue): OnnxValue {
  const across = new Float32Array(from[1] * to[1]);
  for (const tap of columns) across[tap.from * to[1] + tap.to]! += tap.weight;
  const narrowed = graph.op('MatMul', [image, graph.constant([from[1], to[1]], across)]);
  return graph.op('MatMul', [graph.constant([to[0], from[0]], matrix(rows, to[0], from[0])), narrowed]);
}

/** The same for images [batch, height, width, channels] of TensorFlow.js. */
export function tfjsMap(tf: Tfjs, { from, to, rows, columns }: SeparableMap, image: TfjsTensor): TfjsTensor {
  const [batch, , , channels] = image.shape as [number, number, number, number];
  const mapped = (taps: readonly AxisTap[], axis: 0 | 1, planes: TfjsTensor): TfjsTensor =>
    tf.matMul(tf.tensor(matrix(taps, to[axis], from[axis]), [1, to[axis], from[axis]]), planes);
  const shortened = mapped(rows, 0, tf.reshape(image, [batch, from[0], from[1] * channels]));
  const narrowed = mapped(columns, 1, tf.reshape(shortened, [batch * to[0], from[1], channels]));
  return tf.reshape(narrowed, [batch, ...to, channels]);
}

/** [to, from]. */
function matrix(taps: readonly AxisTap[], to: number, from: number): Float32Array {
  const weights = new Float32Array(to * from);
  for (const tap of taps) weights[tap.to * from + tap.from]! += tap.weight;
  return weights;
}
