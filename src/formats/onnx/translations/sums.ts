// Sums and differences: of tensors, of a tensor and stored numbers, and those that actiSwitch and average are written as.
import { layerKind } from '../../../layers/registry.ts';
import { sameShape } from '../../../network/tensor.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { decimalOf, scalarOf, type LayerValue } from '../value.ts';
import { mapped, shiftedBy } from './affine.ts';

/** Source: the ONNX specification, Add-14. */
function addTwo(call: OperatorCall): LayerValue {
  const [x, constant] = call.inputAndConstant() ?? [];
  if (x) return shiftedBy(call, x, constant!);
  return actiSwitch(call) ?? weightedSum(call) ?? plainSum(call);
}

/** Source: the ONNX specification, Sum-13. */
function addAll(call: OperatorCall): LayerValue {
  if (call.operator.inputs.length === 1) return call.layerInput(0);
  return weightedSum(call) ?? plainSum(call);
}

/** Source: the ONNX specification, Sub-14. */
function subtract(call: OperatorCall): LayerValue {
  const [x, constant, index] = call.inputAndConstant() ?? [];
  if (!x) return difference(call);
  if (index === 0) return shiftedBy(call, x, constant!, -1);
  return shiftedBy(
    call,
    x,
    mapped(call, constant!, (value) => -value),
  );
}

function difference(call: OperatorCall): LayerValue {
  const terms = plainlyWeighed(call);
  if (terms.length === 2) return weighed(call, terms, [1, -1]);
  return weighed(
    call,
    [0, 1].map((index) => ({ value: call.layerInput(index), factor: undefined })),
    [1, -1],
  );
}

function plainSum(call: OperatorCall): LayerValue {
  const terms = equalTerms(call);
  return call.addLayer('add', terms, {}, {}, terms[0]!.shape);
}

/** The inputs, all of one shape: broadcast, [channels, 1, 1] and [channels] would be something else than ours. */
function equalTerms(call: OperatorCall): LayerValue[] {
  const terms = call.operator.inputs.map((_, index) => call.layerInput(index));
  requireOneShape(call, terms);
  return terms;
}

function requireOneShape(call: OperatorCall, terms: readonly LayerValue[]): void {
  const [first, ...others] = terms as [LayerValue, ...LayerValue[]];
  const odd = others.find(({ shape }) => !sameShape(shape, first.shape));
  if (odd) throw call.refusal(`terms that all have shape [batch, ${first.shape.join(', ')}]`, odd.shape);
}

/** A term of a sum: a tensor times a stored number, 1 if it stands alone. */
interface Term {
  readonly value: LayerValue;
  readonly factor: { readonly number: number; readonly axes: number } | undefined;
}

function termOf(call: OperatorCall, name: string): Term | undefined {
  const factors = call.inputsOfMaker(name, 'Mul')?.map((factor) => call.value(factor)) ?? [];
  const constant = factors.find((factor) => factor.type === 'constant');
  const number = constant && constant.shape.length <= 1 ? scalarOf(constant) : undefined;
  const value = factors.find((factor) => factor.type === 'layer');
  if (number !== undefined && value) return { value, factor: { number, axes: constant!.shape.length } };
  const own = call.value(name);
  return own.type === 'layer' ? { value: own, factor: undefined } : undefined;
}

/** The terms, where all are tensors. */
function termsOf(call: OperatorCall): Term[] {
  const terms = call.operator.inputs.map((name) => termOf(call, name)).filter((term) => term !== undefined);
  return terms.length === call.operator.inputs.length ? terms : [];
}

/** l * x + a * phi(x), with an activation function phi. */
function actiSwitch(call: OperatorCall): LayerValue | undefined {
  const terms = termsOf(call);
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

/** The terms, where all are tensors and factors are plain numbers: those with an axis are learned, a scale layer each. */
function plainlyWeighed(call: OperatorCall): Term[] {
  const terms = termsOf(call);
  return terms.some(({ factor }) => factor && factor.axes > 0) ? [] : terms;
}

function weightedSum(call: OperatorCall): LayerValue | undefined {
  const terms = plainlyWeighed(call);
  return terms.some(({ factor }) => factor) ? weighed(call, terms) : undefined;
}

function weighed(call: OperatorCall, terms: readonly Term[], signs: readonly number[] = []): LayerValue {
  const values = terms.map(({ value }) => value);
  requireOneShape(call, values);
  const weights = terms.map(({ factor }, index) => (signs[index] ?? 1) * (factor ? decimalOf(factor.number) : 1));
  return call.addLayer('average', values, { weights }, {}, values[0]!.shape);
}

export const sums: Readonly<Record<string, Translation>> = { Add: addTwo, Sum: addAll, Sub: subtract };
