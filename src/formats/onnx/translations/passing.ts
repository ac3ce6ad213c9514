// Operators that pass a tensor on as it is when a model is used, not trained.
import { elementTypeName, onnxFloat32, onnxFloat64 } from '../read-constant.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import type { LayerValue } from '../value.ts';

/** Source: the ONNX specification, Dropout-13; before operator set 12 there is no training mode. */
function dropout(call: OperatorCall): LayerValue {
  const training = call.input(2) ? call.sizesInput(2).sizes[0] : 0;
  if (training !== 0) throw call.refusal('Dropout in inference mode', 'training mode');
  call.note(`${call.operator.name}: left out a Dropout, which does nothing at inference`);
  return call.layerInput(0);
}

function cast(call: OperatorCall): LayerValue {
  const to = call.integer('to', 0);
  if (to !== onnxFloat32 && to !== onnxFloat64) throw call.refusal('a cast to float32', elementTypeName(to));
  return call.layerInput(0);
}

export const passing: Readonly<Record<string, Translation>> = {
  Identity: (call) => call.layerInput(0),
  Dropout: dropout,
  Cast: cast,
};
