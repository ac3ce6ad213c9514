// Reads IDX files, the format MNIST is published in, gzip-compressed or not.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expected, NeurostitchError } from '../errors.ts';

export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;

/**
 * Reads an IDX file of unsigned bytes: two zero bytes, the type, the number of axes, each size as a big-endian 32-bit
 * integer, then the values. Source: the format note on the MNIST page, Y. LeCun.
 *
 * Throws `not-found` for an unreadable file and `bad-data` for one that is not such a file, or cut short.
 */
export async function readIdx(path: string): Promise<IdxArray> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new NeurostitchError('not-found', `Expected a readable IDX file, got: ${String(cause)}`, { path, cause });
  }
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (isGzip) {
    try {
      bytes = gunzipSync(bytes);
    } catch (cause) {
      throw expected('bad-data', 'an intact gzip file', cause, path);
    }
  }
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== unsignedByte) {
    throw expected('bad-data', 'an IDX file of unsigned bytes (0 0 8 ...)', [...bytes.subarray(0, 3)].join(' '), path);
  }
  const axes = bytes[3]!;
  const start = 4 + 4 * axes;
  if (bytes.length < start)
    throw expected('bad-data', `an IDX header of ${start} bytes`, `${bytes.length} bytes`, path);
  const header = new DataView(bytes.buffer, bytes.byteOffset, start);
  const shape = Array.from({ length: axes }, (_, axis) => header.getUint32(4 + 4 * axis));
  const values = shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== start + values) {
    throw expected('bad-data', `${values} values for sizes ${shape.join(' x ')}`, bytes.length - start, path);
  }
  return { shape, data: bytes.subarray(start) };
}
