// Products and quotients: with stored numbers, of norms written out, and those that are an activation function.
import type { OperatorCall, Translation } from '../operator-call.ts';
import { scalarOf, type LayerValue } from '../value.ts';
import { activate } from './activations.ts';
import { mapped, scaledBy } from './affine.ts';
import { writtenOutNorm } from './normalization.ts';

/** Source: the ONNX specification, Mul-14. */
function multiply(call: OperatorCall): LayerValue {
  const [x, constant] = call.inputAndConstant() ?? [];
  if (x) return scaledBy(call, x, constant!);
  const found = silu(call) ?? gelu(call);
  if (!found) throw call.refusal('a product with constants, or one that is SiLU, x * Sigmoid(x), or GELU', 'another');
  return found;
}

/** Source: the ONNX specification, Div-14. */
function divide(call: OperatorCall): LayerValue {
  const norm = writtenOutNorm(call);
  if (norm) return norm;
  const [x, constant, index] = call.inputAndConstant() ?? [];
  if (!x || index === 0) throw call.refusal('a quotient by constants, or by a standard deviation', 'another');
  return scaledBy(
    call,
    x,
    mapped(call, constant!, (value) => 1 / value),
  );
}

function silu(call: OperatorCall): LayerValue | undefined {
  const x = call.operator.inputs.find((name) =>
    call.operator.inputs.some((other) => call.inputsOfMaker(other, 'Sigmoid')?.[0] === name),
  );
  return x === undefined ? undefined : activationOf(call, 'silu', x);
}

/** 0.5 * x * (1 + Erf(x / sqrt 2)), multiplied in any order: what PyTorch writes where ONNX has no Gelu yet. */
function gelu(call: OperatorCall): LayerValue | undefined {
  for (const factors of threeFactors(call)) {
    const half = factors.find((name) => isNear(scalarOf(call.value(name)), 0.5));
    const cumulative = factors.find((name) => erfArgument(call, name) !== undefined);
    const x = factors.find((name) => name !== half && name !== cumulative);
    if (half === undefined || cumulative === undefined || x === undefined) continue;
    if (erfArgument(call, cumulative) === x) return activationOf(call, 'gelu', x);
  }
  return undefined;
}

/** The operator's product seen as one of three factors, two of which an earlier Mul has put together. */
function threeFactors(call: OperatorCall): string[][] {
  const { inputs } = call.operator;
  return inputs.flatMap((name, index) => {
    const inner = call.inputsOfMaker(name, 'Mul');
    return inner ? [[...inner, inputs[1 - index]!]] : [];
  });
}

/** The x of 1 + Erf(x / sqrt 2). */
function erfArgument(call: OperatorCall, name: string): string | undefined {
  const terms = call.inputsOfMaker(name, 'Add') ?? [];
  if (!terms.some((term) => isNear(scalarOf(call.value(term)), 1))) return undefined;
  const scaled = terms.map((term) => call.inputsOfMaker(term, 'Erf')?.[0]).find((argument) => argument !== undefined);
  if (scaled === undefined) return undefined;
  const [dividend = '', divisor = ''] = call.inputsOfMaker(scaled, 'Div') ?? [];
  if (divisor !== '' && isNear(scalarOf(call.value(divisor)), Math.SQRT2)) return dividend;
  const factors = call.inputsOfMaker(scaled, 'Mul') ?? [];
  const factor = factors.findIndex((other) => isNear(scalarOf(call.value(other)), Math.SQRT1_2));
  return factor < 0 ? undefined : factors[1 - factor];
}

function activationOf(call: OperatorCall, name: 'silu' | 'gelu', input: string): LayerValue | undefined {
  const x = call.value(input);
  return x.type === 'layer' ? activate(call, name, x) : undefined;
}

function isNear(value: number | undefined, wanted: number): boolean {
  return value !== undefined && Math.abs(value - wanted) < 1e-6;
}

export const products: Readonly<Record<string, Translation>> = { Mul: multiply, Div: divide };
