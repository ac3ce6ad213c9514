// What onnxruntime 1.30 takes on for WebGPU and gets wrong there, so that it must run on the CPU.
import type { OnnxOperation } from './onnx-graph.ts';

/** Whether WebGPU fails on an operation, or gives other values than the CPU without a word. */
export function failsOnWebGpu({ type, attributes, outputs }: OnnxOperation): boolean {
  // With indices it fails to run.
  if (type === 'MaxPool') return outputs === 2;
  if (type !== 'Conv' && type !== 'ConvTranspose') return false;
  // Its vectors of 2 or 4 channels reach into the next group.
  if (Number(attributes.group ?? 1) > 1) return true;
  // A kernel as large as the image is taken for a product of matrices where no pads come first, whatever comes last.
  const pads = attributes.pads;
  if (type !== 'Conv' || !Array.isArray(pads)) return false;
  const [top, left, bottom, right] = pads as number[];
  return top === 0 && left === 0 && (bottom! > 0 || right! > 0);
}
