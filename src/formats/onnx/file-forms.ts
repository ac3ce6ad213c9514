// How layers are written into a file where one ONNX operator says what engines, which also train, compute otherwise.
import { float, type OnnxGraph, type OnnxValue } from '../../engine/onnx/onnx-graph.ts';
import type { LayerInstance, OnnxCall } from '../../layers/layer-kind.ts';
import { nearestPlaces } from './nearest-places.ts';

type FileCall = Pick<OnnxCall, 'graph' | 'layer' | 'params' | 'inputs'>;

function batchNorm({ graph, layer, params, inputs }: FileCall): OnnxValue {
  const { epsilon, momentum } = layer.attributes as { epsilon: number; momentum: number };
  const { gamma, beta, mean, variance } = params as Record<'gamma' | 'beta' | 'mean' | 'variance', OnnxValue>;
  // ONNX weighs the old statistics, we the new ones.
  const settings = { epsilon: float(epsilon), momentum: float(1 - momentum) };
  return graph.op('BatchNormalization', [inputs[0]!, gamma, beta, mean, variance], settings);
}

/** Without effect at inference, but other tools, and our import, see the rate. */
function dropout({ graph, layer, inputs }: FileCall): OnnxValue {
  return graph.op('Dropout', [inputs[0]!, graph.scalar(layer.attributes.rate as number)]);
}

function resize({ graph, layer, inputs }: FileCall): OnnxValue {
  const { size, mode } = layer.attributes as { size: readonly [number, number]; mode: 'nearest' | 'bilinear' };
  if (mode === 'nearest') return pickedRowsAndColumns(graph, inputs[0]!, layer, size);
  const settings = { axes: [2, 3], mode: 'linear', coordinate_transformation_mode: 'half_pixel' };
  return graph.op('Resize', [inputs[0]!, '', '', graph.integers(size)], settings);
}

/** Resize computes in float32 which pixel is nearest, and in a few sizes takes the other one of two equally near. */
function pickedRowsAndColumns(
  graph: OnnxGraph,
  image: OnnxValue,
  { inputs }: LayerInstance,
  [height, width]: readonly [number, number],
): OnnxValue {
  const [, rows, columns] = inputs[0] as [number, number, number];
  const picked = graph.op('Gather', [image, graph.integers(nearestPlaces(rows, height))], { axis: 2 });
  return graph.op('Gather', [picked, graph.integers(nearestPlaces(columns, width))], { axis: 3 });
}

/** By layer kind; the others are written as engines compute them. */
export const fileForms: ReadonlyMap<string, (call: FileCall) => OnnxValue> = new Map([
  ['batchNorm', batchNorm],
  ['dropout', dropout],
  ['resize', resize],
]);
