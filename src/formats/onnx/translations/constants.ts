// Stored numbers and shapes: where they come from, and operators that change their shape only. Computed on import.
import { sameShape, sizeOf, tensor, type Shape } from '../../../network/tensor.ts';
import { transposed } from '../matrix.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { elementTypeName, onnxFloat32, onnxFloat64, readConstant } from '../read-constant.ts';
import type { ConstantValue, Size, SizesValue, Value } from '../value.ts';
import { longestList } from './size-lists.ts';

type Stored = ConstantValue | SizesValue;

/** Source: the ONNX specification, Constant-13. */
function constant(call: OperatorCall): Value {
  const { attributes } = call.operator;
  const stored = call.stored('value');
  if (stored?.dataType === onnxFloat64) call.note(`${call.operator.name}: rounded from float64 to float32`);
  if (stored) return readConstant(stored);
  if (attributes.has('value_int')) return { type: 'sizes', shape: [], sizes: [call.integer('value_int', 0)] };
  if (attributes.has('value_ints')) {
    const sizes = call.integers('value_ints')!;
    return { type: 'sizes', shape: [sizes.length], sizes };
  }
  if (attributes.has('value_float')) {
    return { type: 'constant', shape: [], data: Float32Array.of(call.real('value_float', 0)) };
  }
  if (attributes.has('value_floats')) {
    const { floats } = attributes.get('value_floats')!;
    return { type: 'constant', shape: [floats.length], data: Float32Array.from(floats) };
  }
  throw call.refusal('a constant of numbers', [...attributes.keys()].join(', '));
}

/** Lists of integers. Source: the ONNX specification, ConstantOfShape-9. */
function constantOfShape(call: OperatorCall): Value {
  const { shape, sizes } = call.sizesInput(0);
  const stored = call.stored('value');
  const filler = stored && readConstant(stored);
  if (filler?.type !== 'sizes' || filler.sizes.length !== 1) throw call.refusal('a filling of one integer', 'another');
  const [length = 1] = sizes;
  if (shape[0] !== 1 || typeof length !== 'number') throw call.refusal('the length of a list', sizes);
  if (!(length >= 0 && length <= longestList)) throw call.refusal(`at most ${longestList} integers`, length);
  return { type: 'sizes', shape: [length], sizes: new Array<Size>(length).fill(filler.sizes[0]!) };
}

function cast(call: OperatorCall): Value {
  const value = storedInput(call);
  const to = call.integer('to', 0);
  const toFloat = to === onnxFloat32 || to === onnxFloat64;
  if (toFloat !== (value.type === 'constant'))
    throw call.refusal('a cast between numbers of one sort', elementTypeName(to));
  return value;
}

function reshape(call: OperatorCall): Value {
  const from = storedInput(call);
  const sizes = call.integersInput(1, 'shape') ?? [];
  const copied = sizes.map((size, axis) => (size === 0 ? (from.shape[axis] ?? 0) : size));
  const open = sizeOf(from.shape) / sizeOf(copied.filter((size) => size !== -1));
  return withShape(
    call,
    from,
    copied.map((size) => (size === -1 ? open : size)),
  );
}

function unsqueeze(call: OperatorCall): Value {
  const from = storedInput(call);
  const axes = call.integersInput(1, 'axes') ?? [];
  const rank = from.shape.length + axes.length;
  const added = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const kept = [...from.shape];
  return withShape(
    call,
    from,
    Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : kept.shift()!)),
  );
}

function squeeze(call: OperatorCall): Value {
  const from = storedInput(call);
  const given = call.integersInput(1, 'axes')?.map((axis) => (axis < 0 ? axis + from.shape.length : axis));
  return withShape(
    call,
    from,
    from.shape.filter((size, axis) => !(given ? given.includes(axis) : size === 1)),
  );
}

function transpose(call: OperatorCall): Value {
  const from = storedInput(call);
  const axes = from.shape.map((_, axis) => axis);
  const order = call.integers('perm') ?? axes.toReversed();
  if (sameShape(order, axes)) return from;
  const [rows, columns] = from.shape;
  if (rows === undefined || columns === undefined || order.join() !== '1,0') {
    throw call.refusal('the transpose of a matrix', `order ${order.join()}`);
  }
  if (from.type === 'constant') {
    call.spend(from.data.length);
    return { type: 'constant', ...transposed(from) };
  }
  call.spend(from.sizes.length);
  const sizes = from.sizes.map((_, at) => from.sizes[(at % rows) * columns + Math.floor(at / rows)]!);
  return { type: 'sizes', shape: [columns, rows], sizes };
}

function storedInput(call: OperatorCall): Stored {
  return call.input(0)?.type === 'sizes' ? call.sizesInput(0) : call.constantInput(0);
}

/** The same numbers under another shape of as many. */
function withShape(call: OperatorCall, from: Stored, shape: Shape): Value {
  if (sizeOf(shape) !== sizeOf(from.shape) || !shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw call.refusal(`a shape of as many values as [${from.shape.join(', ')}]`, shape);
  }
  return from.type === 'sizes' ? { ...from, shape } : { type: 'constant', ...tensor(shape, from.data) };
}

export const constants: Readonly<Record<string, Translation>> = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Identity: storedInput,
  Cast: cast,
  Reshape: reshape,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Transpose: transpose,
};
