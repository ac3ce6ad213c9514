// Operators that only change a tensor's shape: flatten and reshape layers, or nothing where there is nothing to do.
import { sameShape, sizeOf, type Shape } from '../../../network/tensor.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import type { LayerValue, Size, SizesValue } from '../value.ts';

/** Source: the ONNX specification, Flatten-13. */
function flatten(call: OperatorCall): LayerValue {
  const input = call.layerInput(0);
  const axis = call.integer('axis', 1);
  const first = axis < 0 ? axis + input.shape.length + 1 : axis;
  if (first !== 1) throw call.refusal('Flatten of everything but the batch axis', `axis ${axis}`);
  return withShape(call, input, [sizeOf(input.shape)]);
}

/** Source: the ONNX specification, Reshape-14. */
function reshape(call: OperatorCall): LayerValue {
  const input = call.layerInput(0);
  const target = reshapedTo(call, input.shape, call.sizesInput(1).sizes);
  return input.shape.length === 1 && target.length === 3 ? image(call, input, target) : withShape(call, input, target);
}

/** Source: the ONNX specification, Squeeze-13. */
function squeeze(call: OperatorCall): LayerValue {
  const input = call.layerInput(0);
  const rank = input.shape.length + 1;
  const given = call.integersInput(1, 'axes');
  if (!given && call.batch === 1) throw call.refusal('Squeeze with axes (the batch axis is 1 too)', 'none');
  const ones = input.shape.flatMap((size, index) => (size === 1 ? [index + 1] : []));
  const axes = (given ?? ones).map((axis) => (axis < 0 ? axis + rank : axis));
  if (!axes.every((axis) => ones.includes(axis))) throw call.refusal('axes of size 1, not the batch', given);
  return withShape(
    call,
    input,
    input.shape.filter((_, index) => !axes.includes(index + 1)),
  );
}

/** Source: the ONNX specification, Unsqueeze-13. */
function unsqueeze(call: OperatorCall): LayerValue {
  const input = call.layerInput(0);
  const given = call.integersInput(1, 'axes') ?? [];
  const rank = input.shape.length + 1 + given.length;
  const added = new Set(given.map((axis) => (axis < 0 ? axis + rank : axis)));
  if (added.has(0)) throw call.refusal('axes behind that of the batch', given);
  const kept = [...input.shape];
  const target = Array.from({ length: rank - 1 }, (_, index) => (added.has(index + 1) ? 1 : (kept.shift() ?? 1)));
  if (kept.length > 0) throw call.refusal(`axes between 1 and ${rank - 1}, each once`, given);
  return withShape(call, input, target);
}

/** Source: the ONNX specification, Shape-15. */
function shape(call: OperatorCall): SizesValue {
  const all: Size[] = ['batch', ...call.layerInput(0).shape];
  const sizes = all.slice(call.integer('start', 0), call.integer('end', all.length));
  return { type: 'sizes', shape: [sizes.length], sizes };
}

/** The shape of a sample after a reshape to `sizes`, which must leave the batch axis alone. */
function reshapedTo(call: OperatorCall, from: Shape, sizes: readonly Size[]): Shape {
  // 0 copies a size, unless the operator says otherwise.
  const copies = call.integer('allowzero', 0) === 0;
  const copied = sizes.map((size, axis) =>
    copies && size === 0 ? (axis === 0 ? 'batch' : (from[axis - 1] ?? 0)) : size,
  );
  const [batch, ...rest] = copied;
  const known = rest.reduce<number>(
    (product, size) => (typeof size === 'number' && size !== -1 ? product * size : product),
    1,
  );
  const open = sizeOf(from) / known;
  const target = rest.map((size) => (size === 'batch' ? NaN : size === -1 && batch !== -1 ? open : size));
  const keepsBatch = batch === 'batch' || batch === -1 || (batch !== undefined && batch === call.batch);
  if (!keepsBatch || target.length === 0 || sizeOf(target) !== sizeOf(from)) {
    throw call.refusal(`a reshape of [batch, ${from.join(', ')}] within each sample`, `[${sizes.join(', ')}]`);
  }
  return target;
}

/** The tensor under another shape of the same size: itself, flattened, or an image made of a vector. */
function withShape(call: OperatorCall, value: LayerValue, target: Shape): LayerValue {
  if (sameShape(value.shape, target)) return value;
  const held = call.layer(value).instance.output;
  if (target[0] !== sizeOf(held)) {
    if (held.length === 1 && target.length === 3) return image(call, value, target);
    throw call.refusal('a reshape to [batch, features]', `[batch, ${target.join(', ')}]`);
  }
  const vector = held.length === 1 ? value : call.addLayer('flatten', [value]);
  return { ...vector, shape: target };
}

function image(call: OperatorCall, vector: LayerValue, [, ...size]: Shape): LayerValue {
  return call.addLayer('reshape', [vector], { size });
}

export const reshaping: Readonly<Record<string, Translation>> = {
  Flatten: flatten,
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Shape: shape,
};
