// Arithmetic on lists of integers, as files use it to work out shapes and pads. Computed on import.
import { sizeOf } from '../../../network/tensor.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import type { Size, SizesValue } from '../value.ts';

/** More than any tensor has axes. Lists joined with themselves again and again would else fill the memory. */
export const longestList = 1000;

const list = (sizes: readonly Size[]): SizesValue => ({ type: 'sizes', shape: [sizes.length], sizes });

function concat(call: OperatorCall): SizesValue {
  const parts = call.operator.inputs.map((_, index) => call.sizesInput(index));
  if (!parts.every(({ shape }) => shape.length === 1)) throw call.refusal('lists of integers', 'another shape');
  const length = parts.reduce((total, part) => total + part.sizes.length, 0);
  if (length > longestList) throw call.refusal(`at most ${longestList} sizes`, length);
  return list(parts.flatMap(({ sizes }) => sizes));
}

function gather(call: OperatorCall): SizesValue {
  const { sizes } = listInput(call);
  const indices = call.sizesInput(1);
  if (indices.sizes.length > longestList) {
    throw call.refusal(`at most ${longestList} indices`, indices.sizes.length);
  }
  const picked = indices.sizes.map((index) => {
    const size = index === 'batch' ? undefined : sizes.at(index);
    if (size === undefined) throw call.refusal(`an index into ${sizes.length} sizes`, index);
    return size;
  });
  return { ...indices, sizes: picked };
}

/** Along the first axis. Source: the ONNX specification, Slice-13. */
function slice(call: OperatorCall): SizesValue {
  const from = call.sizesInput(0);
  const [rows = 0, ...rest] = from.shape;
  if (rows > longestList) throw call.refusal(`at most ${longestList} sizes`, rows);
  const [start = 0] = call.integersInput(1, 'starts') ?? [];
  const [end = rows] = call.integersInput(2, 'ends') ?? [];
  const [axis = 0] = call.integersInput(3, 'axes') ?? [];
  const [step = 1] = call.integersInput(4, 'steps') ?? [];
  if (axis !== 0 || Math.abs(step) !== 1) throw call.refusal('a slice of the first axis in steps of 1 or -1', step);
  const clamp = (at: number, low: number, high: number): number =>
    Math.min(Math.max(at < 0 ? at + rows : at, low), high);
  const picked: number[] = [];
  if (step === 1) for (let row = clamp(start, 0, rows); row < clamp(end, 0, rows); row++) picked.push(row);
  else for (let row = clamp(start, 0, rows - 1); row > clamp(end, -1, rows - 1); row--) picked.push(row);
  const width = sizeOf(rest);
  return {
    type: 'sizes',
    shape: [picked.length, ...rest],
    sizes: picked.flatMap((row) => from.sizes.slice(row * width, (row + 1) * width)),
  };
}

/** An operation on two lists, one of which may be a single number; the batch's size cannot take part. */
const elementwise =
  (operation: (a: number, b: number) => number): Translation =>
  (call) => {
    const [a, b] = [call.sizesInput(0), call.sizesInput(1)];
    const [longer, length] = a.sizes.length >= b.sizes.length ? [a, a.sizes.length] : [b, b.sizes.length];
    const fits = [a, b].every(({ sizes }) => sizes.length === length || sizes.length === 1);
    if (!fits || length > longestList) throw call.refusal('lists of one length', [a.sizes.length, b.sizes.length]);
    const at = ({ sizes }: SizesValue, index: number): number => {
      const size = sizes.length === 1 ? sizes[0] : sizes[index];
      if (typeof size !== 'number') throw call.refusal('known sizes', [...a.sizes, ...b.sizes]);
      return size;
    };
    const shape = a.shape.length >= b.shape.length && longer === a ? a.shape : longer.shape;
    return { type: 'sizes', shape, sizes: longer.sizes.map((_, index) => operation(at(a, index), at(b, index))) };
  };

function listInput(call: OperatorCall): SizesValue {
  const value = call.sizesInput(0);
  if (value.shape.length !== 1) throw call.refusal('a list of integers', `shape [${value.shape.join(', ')}]`);
  return value;
}

export const sizeLists: Readonly<Record<string, Translation>> = {
  Concat: concat,
  Gather: gather,
  Slice: slice,
  Add: elementwise((a, b) => a + b),
  Sub: elementwise((a, b) => a - b),
  Mul: elementwise((a, b) => a * b),
  Div: elementwise((a, b) => Math.trunc(a / b)),
};
