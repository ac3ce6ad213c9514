// Concat along the channels becomes a concat layer.
import { sameShape } from '../../../network/tensor.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import type { LayerValue } from '../value.ts';

/** Source: the ONNX specification, Concat-13. */
function concat(call: OperatorCall): LayerValue {
  const parts = call.operator.inputs.map((_, index) => call.layerInput(index));
  const [, ...pixels] = parts[0]!.shape;
  const axis = call.integer('axis', 1);
  if (axis !== 1 && axis + pixels.length + 2 !== 1) throw call.refusal('Concat along the channels', `axis ${axis}`);
  const odd = parts.find(({ shape }) => !sameShape(shape.slice(1), pixels));
  if (odd) throw call.refusal(`tensors [batch, channels${pixels.map((size) => `, ${size}`).join('')}]`, odd.shape);
  if (parts.length === 1) return parts[0]!;
  // Tensors [channels, 1, 1] are images to some layers and vectors to others.
  const isVector = (part: LayerValue): boolean => call.layer(part).instance.output.length === 1;
  const mixed = parts.some(isVector) && !parts.every(isVector);
  const alike = mixed ? parts.map((part) => (isVector(part) ? part : call.addLayer('flatten', [part]))) : parts;
  const channels = parts.reduce((total, { shape }) => total + shape[0]!, 0);
  return call.addLayer('concat', alike, {}, {}, [channels, ...pixels]);
}

export const concatenation: Readonly<Record<string, Translation>> = { Concat: concat };
