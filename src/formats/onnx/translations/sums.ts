// Sums: of tensors, of a tensor and a bias, and the sums that batchNorm, actiSwitch and average are written out as.
import { layerKind } from '../../../layers/registry.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { decimalOf, perChannel, scalarOf, type ConstantValue, type LayerValue } from '../value.ts';
import { writtenOutBatchNorm } from './batch-normalization.ts';

/** Source: the ONNX specification, Add-14. */
function addTwo(call: OperatorCall): LayerValue {
  return writtenOutBatchNorm(call) ?? actiSwitch(call) ?? weightedSum(call) ?? biased(call) ?? plainSum(call);
}

/** Source: the ONNX specification, Sum-13. */
function addAll(call: OperatorCall): LayerValue {
  if (call.operator.inputs.length === 1) return call.layerInput(0);
  return weightedSum(call) ?? plainSum(call);
}

function plainSum(call: OperatorCall): LayerValue {
  const terms = call.operator.inputs.map((_, index) => call.layerInput(index));
  return call.addLayer('add', terms, {}, {}, terms[0]!.shape);
}

/** A term of a sum: a tensor times a stored number, 1 if it stands alone. */
interface Term {
  readonly value: LayerValue;
  readonly factor: { readonly number: number } | undefined;
}

function termOf(call: OperatorCall, name: string): Term | undefined {
  const factors = call.inputsOfMaker(name, 'Mul')?.map((factor) => call.value(factor)) ?? [];
  const number = factors.map(scalarOf).find((scalar) => scalar !== undefined);
  const value = factors.find((factor) => factor.type === 'layer');
  if (number !== undefined && value) return { value, factor: { number } };
  const own = call.value(name);
  return own.type === 'layer' ? { value: own, factor: undefined } : undefined;
}

/** The terms, where at least one of them has a factor and all are tensors. */
function scaledTerms(call: OperatorCall): Term[] | undefined {
  const terms = call.operator.inputs.map((name) => termOf(call, name)).filter((term) => term !== undefined);
  const areScaled = terms.length === call.operator.inputs.length && terms.some(({ factor }) => factor);
  return areScaled ? terms : undefined;
}

/** l * x + a * phi(x), with an activation function phi. */
function actiSwitch(call: OperatorCall): LayerValue | undefined {
  const terms = scaledTerms(call) ?? [];
  for (const [linear, active] of [terms, terms.toReversed()]) {
    if (!linear?.factor || !active?.factor) continue;
    const { node, instance } = call.layer(active.value);
    const phi = layerKind(node.kind).appliedFunction?.(instance);
    if (phi === undefined || node.inputs[0] !== linear.value.id) continue;
    const [l, a] = [linear, active].map(({ factor }) => ({ shape: [1], data: Float32Array.of(factor!.number) }));
    return call.addLayer(
      'actiSwitch',
      [linear.value],
      { function: phi },
      { linear: l!, active: a! },
      active.value.shape,
    );
  }
  return undefined;
}

function weightedSum(call: OperatorCall): LayerValue | undefined {
  const terms = scaledTerms(call);
  if (!terms) return undefined;
  const weights = terms.map(({ factor }) => (factor ? decimalOf(factor.number) : 1));
  const values = terms.map(({ value }) => value);
  return call.addLayer('average', values, { weights }, {}, values[0]!.shape);
}

/** A stored bias behind a layer that could have one and has none: the same layer with the bias. */
function biased(call: OperatorCall): LayerValue | undefined {
  const inputs = call.operator.inputs.map((_, index) => call.input(index));
  const constant = inputs.find((input): input is ConstantValue => input?.type === 'constant');
  const value = inputs.find((input): input is LayerValue => input?.type === 'layer');
  if (!constant || !value) return undefined;
  const { node } = call.layer(value);
  const bias = perChannel(constant, value.shape);
  if (!layerKind(node.kind).params.bias?.optional || node.params.bias || !bias) {
    throw call.refusal('a constant that is the bias of a convolution or dense layer', constant.shape);
  }
  const sources = node.inputs.map((id) => ({ id }));
  return call.addLayer(node.kind, sources, node.attributes, { ...node.params, bias });
}

export const sums: Readonly<Record<string, Translation>> = { Add: addTwo, Sum: addAll };
