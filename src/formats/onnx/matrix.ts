// The little arithmetic on stored matrices that turns ONNX weights into ours.
import { tensor, type Tensor } from '../../network/tensor.ts';

const transposes = new WeakMap<Float32Array, Tensor>();

/** The transpose of a [rows, columns] tensor: for the same values always the same, so that layers that share them do. */
export function transposed({ shape, data }: Tensor): Tensor {
  const [rows, columns] = shape as [number, number];
  const known = transposes.get(data);
  if (known?.shape[1] === rows) return known;
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column]!;
  }
  const result = tensor([columns, rows], turned);
  transposes.set(data, result);
  return result;
}

/** Every value times `factor`; the tensor itself for a factor of 1. */
export function multiplied(value: Tensor, factor: number): Tensor {
  if (factor === 1) return value;
  return tensor(
    value.shape,
    value.data.map((x) => x * factor),
  );
}
