// Pools over windows and over whole images.
import type { OperatorCall, Translation } from '../operator-call.ts';
import type { LayerValue } from '../value.ts';
import { windowSettings } from './window.ts';

/** Source: the ONNX specification, MaxPool-12. */
function maxPool(call: OperatorCall): LayerValue {
  const image = call.imageInput(0);
  const kernel = call.integers('kernel_shape') ?? [];
  if (kernel.length !== 2) throw call.refusal('a window of height and width', kernel);
  if (call.integer('ceil_mode', 0) !== 0) throw call.refusal('MaxPool that rounds sizes down', 'ceil_mode');
  const window = [kernel[0]!, kernel[1]!] as const;
  const { stride, dilation, pads } = windowSettings(call, image.shape, window);
  if (dilation.some((step) => step !== 1)) throw call.refusal('MaxPool without dilation', dilation);
  return call.addLayer('maxPool', [image], { kernel: window, stride, pads });
}

/** ONNX keeps the two axes with size 1; the layer gives a vector, and what follows must take it as one. */
function globalAveragePool(call: OperatorCall): LayerValue {
  const image = call.imageInput(0);
  return call.addLayer('globalAvgPool', [image], {}, {}, [image.shape[0]!, 1, 1]);
}

/** The mean over height and width. Source: the ONNX specification, ReduceMean-18. */
function reduceMean(call: OperatorCall): LayerValue {
  const image = call.imageInput(0);
  const axes = (call.integersInput(1, 'axes') ?? []).map((axis) => (axis < 0 ? axis + 4 : axis)).sort();
  if (axes.join() !== '2,3') throw call.refusal('a mean over height and width', `axes ${axes.join(', ')}`);
  if (call.integer('keepdims', 1) !== 0) return globalAveragePool(call);
  return call.addLayer('globalAvgPool', [image]);
}

export const pooling: Readonly<Record<string, Translation>> = {
  MaxPool: maxPool,
  GlobalAveragePool: globalAveragePool,
  ReduceMean: reduceMean,
};
