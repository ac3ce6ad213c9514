// Pad right before a convolution or pool becomes part of the layer's own pads.
import type { Pads } from '../../../layers/convolution-geometry.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { scalarOf, type LayerValue, type PaddedValue } from '../value.ts';

/** An operator's image, seen through a Pad that puts constant pixels around it. */
export function paddedImageInput(call: OperatorCall, index: number): PaddedValue {
  const value = call.input(index);
  if (value?.type === 'padded') return value;
  return { type: 'padded', image: call.imageInput(index), pads: [0, 0, 0, 0], value: 0 };
}

/** The same for operators whose own pads count as zeros. */
export function zeroPaddedImageInput(call: OperatorCall, index: number): PaddedValue {
  const padded = paddedImageInput(call, index);
  if (padded.value !== 0) throw call.refusal('padding with zeros', padded.value);
  return padded;
}

/** Source: the ONNX specification, Pad-18: all begins, then all ends, of every axis or of those named. */
function pad(call: OperatorCall): LayerValue | PaddedValue {
  const mode = call.text('mode', 'constant');
  if (mode !== 'constant') throw call.refusal('padding with a constant', mode);
  const value = call.input(2) ? scalarOf(call.input(2)) : call.real('value', 0);
  if (value === undefined) throw call.refusal('padding with a constant', 'another value');
  const pads = call.integersInput(1, 'pads') ?? [];
  if (call.input(3) || pads.length !== 8) throw call.refusal('pads of all four axes of an image', pads);
  const [batchBegin, channelBegin, top, left, batchEnd, channelEnd, bottom, right] = pads as unknown as EightPads;
  if ([batchBegin, channelBegin, batchEnd, channelEnd].some((count) => count !== 0)) {
    throw call.refusal('pads of height and width', pads);
  }
  const around: Pads = [top, left, bottom, right];
  if (around.every((count) => count === 0)) return call.layerInput(0);
  return { type: 'padded', image: call.imageInput(0), pads: around, value };
}

type EightPads = readonly [number, number, number, number, number, number, number, number];

export const padding: Readonly<Record<string, Translation>> = { Pad: pad };
