// A tensor of float32 values with its shape: plain data, shared between networks and never written after creation.
import { createHash } from 'node:crypto';
import { expected } from '../errors.ts';

/** Sizes along each axis, outermost first; the data is row-major. */
export type Shape = readonly number[];

/** Parents and children share these buffers, so nobody may write to `data` once the tensor exists. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Float32Array<ArrayBuffer>;
}

/** How many values a shape holds. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** A tensor over `data` (not copied: hand over the buffer). Throws `bad-argument` if the sizes disagree. */
export function tensor(shape: Shape, data: Float32Array<ArrayBuffer>): Tensor {
  if (data.length !== sizeOf(shape)) {
    throw expected('bad-argument', `${sizeOf(shape)} values for shape [${shape.join(', ')}]`, data.length);
  }
  return { shape, data };
}

/** A tensor with every value equal to `value`. */
export function filled(shape: Shape, value: number): Tensor {
  return { shape, data: new Float32Array(sizeOf(shape)).fill(value) };
}

const hashes = new WeakMap<Tensor, string>();

/** SHA-256 over the bytes (little-endian float32), computed once per tensor: the name of the tensor's blob. */
export function tensorHash(value: Tensor): string {
  let hash = hashes.get(value);
  if (hash === undefined) {
    hash = createHash('sha256').update(tensorBytes(value)).digest('hex');
    hashes.set(value, hash);
  }
  return hash;
}

/** The values as little-endian float32 bytes: a view, not a copy. */
export function tensorBytes({ data }: Tensor): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
