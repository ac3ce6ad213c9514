// Operators that pass a tensor on as it is, at least when a model is used and not trained.
import { elementTypeName, onnxFloat32, onnxFloat64 } from '../read-constant.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { decimalOf, scalarOf, type LayerValue } from '../value.ts';

/** Source: the ONNX specification, Dropout-13; before operator set 12 there is no training mode. */
function dropout(call: OperatorCall): LayerValue {
  const training = call.input(2) ? call.sizesInput(2).sizes[0] : 0;
  if (training !== 0) throw call.refusal('Dropout in inference mode', 'training mode');
  const rate = call.input(1) ? scalarOf(call.constantInput(1)) : call.real('ratio', 0.5);
  if (rate === undefined) throw call.refusal('a Dropout with one ratio', call.constantInput(1).shape);
  const input = call.layerInput(0);
  return call.addLayer('dropout', [input], { rate: decimalOf(rate) }, {}, input.shape);
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
