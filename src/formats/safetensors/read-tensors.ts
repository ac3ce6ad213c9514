// Reads the tensors of a safetensors file.
import { expected } from '../../errors.ts';
import { sizeOf, tensor, tensorBytes, type Tensor } from '../../network/tensor.ts';
import { elementTypes } from './element-types.ts';
import { readHeader, type TensorEntry } from './header.ts';

/** Which tensors are read. */
export interface ReadTensorsOptions {
  /** Which tensors are wanted (default: all); others may be of any element type. */
  readonly wanted?: (name: string) => boolean;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The texts under `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * The tensors of a safetensors file by name, in the order of their data. F32 comes bit for bit, F16 and BF16 exactly,
 * F64 rounded.
 *
 * Throws `bad-model` for other element types, and for files that are damaged or cut short.
 */
export function readTensors(bytes: Uint8Array, options: ReadTensorsOptions = {}): ReadonlyMap<string, Tensor> {
  return readTensorFile(bytes, options).tensors;
}

/** `readTensors`, and the file's metadata. */
export function readTensorFile(bytes: Uint8Array, { wanted = () => true }: ReadTensorsOptions = {}): TensorFile {
  const { metadata, entries } = readHeader(bytes);
  const tensors = entries
    .filter(({ name }) => wanted(name))
    .map((entry) => [entry.name, readEntry(bytes, entry)] as const);
  return { tensors: new Map(tensors), metadata };
}

function readEntry(bytes: Uint8Array, { name, type, shape, begin, end }: TensorEntry): Tensor {
  const element = elementTypes.get(type);
  if (!element) throw expected('bad-model', `a tensor of ${[...elementTypes.keys()].join(', ')}`, type, name);
  const value = tensor(shape, new Float32Array(sizeOf(shape)));
  if (type === 'F32') {
    // Byte by byte: the file need not be aligned, and NaNs keep their bits.
    tensorBytes(value).set(bytes.subarray(begin, end));
    return value;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + begin, end - begin);
  return tensor(
    shape,
    value.data.map((_, index) => element.read(view, index * element.bytes)),
  );
}
