// Element-wise functions, and softmax.
import { activationFunctions, type ActivationName } from '../../../layers/activation-functions.ts';
import { tensor } from '../../../network/tensor.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { decimalOf, scalarOf, type LayerValue } from '../value.ts';

/** Applies an activation function to an input. */
export function activate(call: OperatorCall, name: ActivationName, input: LayerValue): LayerValue {
  return call.addLayer('activation', [input], { function: name }, {}, input.shape);
}

const plain =
  (name: ActivationName): Translation =>
  (call) =>
    activate(call, name, call.layerInput(0));

/** Source: the ONNX specification, Elu-6. */
function elu(call: OperatorCall): LayerValue {
  const alpha = call.real('alpha', 1);
  if (alpha !== 1) throw call.refusal('Elu with alpha 1', decimalOf(alpha));
  return activate(call, 'elu', call.layerInput(0));
}

/** Source: the ONNX specification, LeakyRelu-16. */
function leakyRelu(call: OperatorCall): LayerValue {
  const slope = decimalOf(call.real('alpha', Math.fround(0.01)));
  const ours = -activationFunctions.leakyRelu.value(-1);
  return slope === ours ? activate(call, 'leakyRelu', call.layerInput(0)) : bentAtZero(call, slope);
}

/** With one slope for all channels. Source: the ONNX specification, PRelu-16. */
function pRelu(call: OperatorCall): LayerValue {
  const slope = scalarOf(call.constantInput(1));
  if (slope === undefined) throw call.refusal('PRelu with one slope', call.constantInput(1).shape);
  return bentAtZero(call, slope);
}

/** A leaky ReLU of any slope is the actiSwitch slope * x + (1 - slope) * relu(x). */
function bentAtZero(call: OperatorCall, slope: number): LayerValue {
  const [linear, active] = [slope, 1 - slope].map((value) => tensor([1], Float32Array.of(value)));
  const input = call.layerInput(0);
  return call.addLayer('actiSwitch', [input], { function: 'relu' }, { linear: linear!, active: active! }, input.shape);
}

/** Only from 0 up: no layer has an upper bound. Source: the ONNX specification, Clip-13 (attributes before Clip-11). */
function clip(call: OperatorCall): LayerValue {
  const bound = (index: number, name: string, otherwise: number): number | undefined =>
    call.input(index) ? scalarOf(call.constantInput(index)) : call.real(name, otherwise);
  const [low, high] = [bound(1, 'min', -Infinity), bound(2, 'max', Infinity)];
  // Exporters write the largest float where there is no bound.
  if (low !== 0 || high === undefined || high < 3.4e38) {
    throw call.refusal('Clip from 0 without an upper bound (ReLU)', `from ${low ?? '?'} to ${high ?? '?'}`);
  }
  return activate(call, 'relu', call.layerInput(0));
}

/** Source: the ONNX specification, Gelu-20. */
function gelu(call: OperatorCall): LayerValue {
  const approximate = call.text('approximate', 'none');
  if (approximate !== 'none') throw call.refusal('the exact Gelu (approximate "none")', approximate);
  return activate(call, 'gelu', call.layerInput(0));
}

/** Source: the ONNX specification, Softmax-13; before, the usual axis was 1, which for vectors is the last too. */
function softmax(call: OperatorCall): LayerValue {
  const input = call.vectorInput(0);
  const axis = call.integer('axis', -1);
  if (axis !== -1 && axis !== 1) throw call.refusal('Softmax along the last axis', `axis ${axis}`);
  return call.addLayer('softmax', [input]);
}

export const activations: Readonly<Record<string, Translation>> = {
  Relu: plain('relu'),
  Sigmoid: plain('sigmoid'),
  Tanh: plain('tanh'),
  Softplus: plain('softplus'),
  LeakyRelu: leakyRelu,
  PRelu: pRelu,
  Elu: elu,
  Clip: clip,
  Gelu: gelu,
  Softmax: softmax,
};
