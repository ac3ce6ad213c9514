// Pad with zeros right before a convolution becomes part of the convolution's own pads.
import type { Pads } from '../../../layers/convolution-geometry.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { scalarOf, type LayerValue } from '../value.ts';

export interface PaddedImage {
  readonly image: LayerValue;
  /** Zeros at the top, left, bottom and right, to be added to the operator's own pads. */
  readonly zeros: Pads;
}

/** An operator's image, seen through a Pad that puts zeros around it. For operators whose own pads count as zeros. */
export function paddedImageInput(call: OperatorCall, index: number): PaddedImage {
  const pad = call.maker(call.operator.inputs[index] ?? '', 'Pad');
  return pad
    ? { image: pad.imageInput(0), zeros: zerosOf(pad) }
    : { image: call.imageInput(index), zeros: [0, 0, 0, 0] };
}

function pad(call: OperatorCall): LayerValue {
  const zeros = zerosOf(call);
  if (zeros.some((count) => count !== 0)) throw call.refusal('padding right before a convolution', zeros);
  return call.layerInput(0);
}

/** Source: the ONNX specification, Pad-18: all begins, then all ends, of every axis or of those named. */
function zerosOf(call: OperatorCall): Pads {
  const mode = call.text('mode', 'constant');
  if (mode !== 'constant') throw call.refusal('padding with zeros', mode);
  const value = call.input(2) ? scalarOf(call.input(2)) : call.real('value', 0);
  if (value !== 0) throw call.refusal('padding with zeros', value);
  const pads = call.integersInput(1, 'pads') ?? [];
  if (call.input(3) || pads.length !== 8) throw call.refusal('pads of all four axes of an image', pads);
  const [batchBegin, channelBegin, top, left, batchEnd, channelEnd, bottom, right] = pads as unknown as EightPads;
  if ([batchBegin, channelBegin, batchEnd, channelEnd].some((count) => count !== 0)) {
    throw call.refusal('pads of height and width', pads);
  }
  return [top, left, bottom, right];
}

type EightPads = readonly [number, number, number, number, number, number, number, number];

export const padding: Readonly<Record<string, Translation>> = { Pad: pad };
