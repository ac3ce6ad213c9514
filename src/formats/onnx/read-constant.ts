// Reads a tensor stored in an ONNX file.
import { expected, Words } from '../../errors.ts';
import type { DecodedTensor } from '../../engine/onnx/onnx-schema.ts';
import { sizeOf, tensor } from '../../network/tensor.ts';
import type { ConstantValue, SizesValue } from './value.ts';

interface ElementType {
  readonly bytes: number;
  /** One value of the raw data; little-endian. */
  raw(view: DataView, at: number): number;
  /** Where the values are if not in the raw data. */
  listed(stored: DecodedTensor): readonly number[];
  readonly integer: boolean;
}

/** By TensorProto.DataType. Source: the ONNX specification, onnx.proto. */
const elementTypes: ReadonlyMap<number, ElementType> = new Map([
  [1, { bytes: 4, integer: false, raw: (view, at) => view.getFloat32(at, true), listed: (stored) => stored.floatData }],
  [6, { bytes: 4, integer: true, raw: (view, at) => view.getInt32(at, true), listed: (stored) => stored.int32Data }],
  [
    7,
    {
      bytes: 8,
      integer: true,
      raw: (view, at) => Number(view.getBigInt64(at, true)),
      listed: (stored) => stored.int64Data,
    },
  ],
  [9, { bytes: 1, integer: true, raw: (view, at) => view.getUint8(at), listed: (stored) => stored.int32Data }],
  [
    11,
    { bytes: 8, integer: false, raw: (view, at) => view.getFloat64(at, true), listed: (stored) => stored.doubleData },
  ],
]);

/** TensorProto.DataType of the two float types that are read. */
export const onnxFloat32 = 1;
export const onnxFloat64 = 11;

const names = 'undefined float32 uint8 int8 uint16 int16 int32 int64 string bool float16 float64'.split(' ');

/** The name of a TensorProto.DataType, for people. */
export function elementTypeName(dataType: number): string {
  return names[dataType] ?? `type ${dataType}`;
}

/**
 * The values of a stored tensor: float32, float64 (rounded to float32), int32, int64 and bool.
 *
 * Throws `bad-model` for other types, values kept in other files, and a number of values that is not the shape's.
 */
export function readConstant(stored: DecodedTensor): ConstantValue | SizesValue {
  const { dims, dataType, name } = stored;
  if (stored.dataLocation !== 0)
    throw expected('bad-model', 'values inside the ONNX file', new Words('another file'), name);
  const element = elementTypes.get(dataType);
  if (!element) throw expected('bad-model', 'values of float32, float64 or int64', elementTypeName(dataType), name);
  const count = sizeOf(dims);
  if (!dims.every((size) => Number.isSafeInteger(size) && size >= 0) || !Number.isSafeInteger(count)) {
    throw expected('bad-model', 'a shape', dims, name);
  }
  const { rawData } = stored;
  const listed = element.listed(stored);
  const found = rawData.length > 0 ? rawData.length / element.bytes : listed.length;
  if (found !== count) throw expected('bad-model', `${count} values for shape [${dims.join(', ')}]`, found, name);
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  const valueAt = (index: number): number =>
    rawData.length > 0 ? element.raw(view, index * element.bytes) : listed[index]!;
  if (!element.integer) {
    return {
      type: 'constant',
      ...tensor(
        dims,
        Float32Array.from({ length: count }, (_, index) => valueAt(index)),
      ),
    };
  }
  return { type: 'sizes', shape: dims, sizes: Array.from({ length: count }, (_, at) => valueAt(at)) };
}
