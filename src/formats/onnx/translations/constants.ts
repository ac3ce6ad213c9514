// Operators on stored numbers and shapes, computed while importing.
import { sameShape, sizeOf, tensor, type Shape } from '../../../network/tensor.ts';
import { transposed } from '../matrix.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { elementTypeName, onnxFloat32, onnxFloat64, readConstant } from '../read-constant.ts';
import type { ConstantValue, Size, SizesValue, Value } from '../value.ts';

const list = (sizes: readonly Size[]): SizesValue => ({ type: 'sizes', scalar: false, sizes });
const scalar = (size: Size): SizesValue => ({ type: 'sizes', scalar: true, sizes: [size] });
const reshaped = ({ data }: ConstantValue, shape: Shape): ConstantValue => ({
  type: 'constant',
  ...tensor(shape, data),
});

/** More than any tensor has axes. */
const longestList = 1000;

/** Source: the ONNX specification, Constant-13. */
function constant(call: OperatorCall): Value {
  const { attributes } = call.operator;
  const stored = call.stored('value');
  if (stored?.dataType === onnxFloat64) call.note(`${call.operator.name}: rounded from float64 to float32`);
  if (stored) return readConstant(stored);
  if (attributes.has('value_int')) return scalar(call.integer('value_int', 0));
  if (attributes.has('value_ints')) return list(call.integers('value_ints')!);
  if (attributes.has('value_float')) {
    return { type: 'constant', shape: [], data: Float32Array.of(call.real('value_float', 0)) };
  }
  if (attributes.has('value_floats')) {
    const { floats } = attributes.get('value_floats')!;
    return { type: 'constant', shape: [floats.length], data: Float32Array.from(floats) };
  }
  throw call.refusal('a constant of numbers', [...attributes.keys()].join(', '));
}

function identity(call: OperatorCall): Value {
  return call.input(0)!;
}

function cast(call: OperatorCall): Value {
  const value = call.input(0)!;
  const to = call.integer('to', 0);
  const toFloat = to === onnxFloat32 || to === onnxFloat64;
  if (toFloat !== (value.type === 'constant'))
    throw call.refusal('a cast between numbers of one sort', elementTypeName(to));
  return value;
}

function reshape(call: OperatorCall): Value {
  const from = call.constantInput(0);
  const sizes = call.integersInput(1, 'shape') ?? [];
  const copied = sizes.map((size, axis) => (size === 0 ? (from.shape[axis] ?? 0) : size));
  const open = from.data.length / sizeOf(copied.filter((size) => size !== -1));
  const shape = copied.map((size) => (size === -1 ? open : size));
  if (sizeOf(shape) !== from.data.length) throw call.refusal(`a shape of ${from.data.length} values`, sizes);
  return reshaped(from, shape);
}

function unsqueeze(call: OperatorCall): Value {
  const value = call.input(0)!;
  const axes = call.integersInput(1, 'axes') ?? [];
  if (value.type === 'sizes') {
    if (!value.scalar || axes.length !== 1) throw call.refusal('Unsqueeze of a single integer', axes);
    return list(value.sizes);
  }
  const from = call.constantInput(0);
  const rank = from.shape.length + axes.length;
  const added = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const kept = [...from.shape];
  const shape = Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : kept.shift()!));
  if (sizeOf(shape) !== from.data.length) throw call.refusal(`axes between 0 and ${rank - 1}, each once`, axes);
  return reshaped(from, shape);
}

function squeeze(call: OperatorCall): Value {
  const value = call.input(0)!;
  if (value.type === 'sizes') {
    if (value.sizes.length !== 1) throw call.refusal('Squeeze of a list of one integer', value.sizes);
    return scalar(value.sizes[0]!);
  }
  const from = call.constantInput(0);
  const given = call.integersInput(1, 'axes')?.map((axis) => (axis < 0 ? axis + from.shape.length : axis));
  const shape = from.shape.filter((size, axis) => !(given ? given.includes(axis) : size === 1));
  if (sizeOf(shape) !== from.data.length) throw call.refusal('axes of size 1', given);
  return reshaped(from, shape);
}

function transpose(call: OperatorCall): Value {
  const from = call.constantInput(0);
  const order = call.integers('perm') ?? from.shape.map((_, axis) => axis).reverse();
  if (
    sameShape(
      order,
      from.shape.map((_, axis) => axis),
    )
  )
    return from;
  if (from.shape.length !== 2 || order.join() !== '1,0')
    throw call.refusal('the transpose of a matrix', `order ${order.join()}`);
  return { type: 'constant', ...transposed(from) };
}

function concat(call: OperatorCall): Value {
  const parts = call.operator.inputs.map((_, index) => call.sizesInput(index).sizes);
  const length = parts.reduce((total, part) => total + part.length, 0);
  // Joined with itself again and again, a list in a small file would fill the memory.
  if (length > longestList) throw call.refusal(`at most ${longestList} sizes`, length);
  return list(parts.flat());
}

function gather(call: OperatorCall): Value {
  const { sizes } = call.sizesInput(0);
  const indices = call.sizesInput(1);
  const picked = indices.sizes.map((index) => {
    const size = index === 'batch' ? undefined : sizes.at(index);
    if (size === undefined) throw call.refusal(`an index into ${sizes.length} sizes`, index);
    return size;
  });
  return indices.scalar ? scalar(picked[0]!) : list(picked);
}

function slice(call: OperatorCall): Value {
  const { sizes } = call.sizesInput(0);
  const [start = 0] = call.integersInput(1, 'starts') ?? [];
  const [end = sizes.length] = call.integersInput(2, 'ends') ?? [];
  const [step = 1] = call.input(4) ? call.integersInput(4, 'steps')! : [];
  if (step !== 1) throw call.refusal('a slice of steps of 1', step);
  return list(sizes.slice(start, end));
}

function multiply(call: OperatorCall): Value {
  const [a, b] = [call.sizesInput(0), call.sizesInput(1)];
  const [left, right] = [a.sizes[0], b.sizes[0]];
  if (a.sizes.length !== 1 || b.sizes.length !== 1 || typeof left !== 'number' || typeof right !== 'number') {
    throw call.refusal('a product of two known sizes', [...a.sizes, ...b.sizes]);
  }
  return { ...a, scalar: a.scalar && b.scalar, sizes: [left * right] };
}

export const constants: Readonly<Record<string, Translation>> = {
  Constant: constant,
  Identity: identity,
  Cast: cast,
  Reshape: reshape,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Transpose: transpose,
  Concat: concat,
  Gather: gather,
  Slice: slice,
  Mul: multiply,
};
