// Writes tensors as a safetensors file.
import { expected } from '../../errors.ts';
import { tensorBytes, type Tensor } from '../../network/tensor.ts';
import { lengthBytes, metadataName } from './header.ts';

/**
 * The bytes of a file with these tensors as F32, in this order, and these texts as its metadata. The data starts at a
 * multiple of 8 bytes. Equal content gives equal bytes.
 *
 * Throws `bad-argument` for a tensor called `__metadata__`, which the format reserves.
 */
export function writeTensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  if (tensors.has(metadataName)) throw expected('bad-argument', 'another name for a tensor', metadataName);
  let length = 0;
  const entries = [...tensors].map(([name, { shape, data }]) => {
    const begin = length;
    length += data.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, length] }] as const;
  });
  const texts = metadata.size === 0 ? [] : [[metadataName, Object.fromEntries(metadata)] as const];
  const header = Buffer.from(JSON.stringify(Object.fromEntries([...texts, ...entries])));
  const padded = Math.ceil(header.length / 8) * 8;
  const file = new Uint8Array(lengthBytes + padded + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.fill(' '.charCodeAt(0), lengthBytes, lengthBytes + padded);
  file.set(header, lengthBytes);
  let at = lengthBytes + padded;
  for (const value of tensors.values()) {
    file.set(tensorBytes(value), at);
    at += value.data.byteLength;
  }
  return file;
}
