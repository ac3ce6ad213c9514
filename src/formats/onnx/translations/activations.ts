// Element-wise functions, and softmax.
import { activationFunctions, type ActivationName } from '../../../layers/activation-functions.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { decimalOf, type LayerValue } from '../value.ts';

/** Applies an activation function to an input. */
export function activate(call: OperatorCall, name: ActivationName, input: LayerValue): LayerValue {
  return call.addLayer('activation', [input], { function: name }, {}, input.shape);
}

const plain =
  (name: ActivationName): Translation =>
  (call) =>
    activate(call, name, call.layerInput(0));

/** A function whose `alpha` must be the one that ours has; `usual` is what ONNX takes if there is none. */
const withAlpha =
  (name: ActivationName, ours: number, usual: number): Translation =>
  (call) => {
    const alpha = decimalOf(call.real('alpha', Math.fround(usual)));
    if (alpha !== ours) throw call.refusal(`${call.operator.type} with alpha ${ours}`, alpha);
    return activate(call, name, call.layerInput(0));
  };

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
  LeakyRelu: withAlpha('leakyRelu', -activationFunctions.leakyRelu.value(-1), 0.01),
  Elu: withAlpha('elu', -activationFunctions.elu.value(-Infinity), 1),
  Gelu: gelu,
  Softmax: softmax,
};
