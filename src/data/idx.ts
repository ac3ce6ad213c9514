// Reads IDX files, the format MNIST is published in, gzip-compressed or not.
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { expected, NeurostitchError, Words } from '../errors.ts';
import { sizeOf, type Shape } from '../network/tensor.ts';

export interface IdxArray {
  readonly shape: Shape;
  readonly data: Uint8Array;
}

const unsignedByte = 8;
const otherTypes = new Map([
  [0x09, 'signed bytes'],
  [0x0b, 'int16'],
  [0x0c, 'int32'],
  [0x0d, 'float32'],
  [0x0e, 'float64'],
]);

/** As float32 in shared memory this many are 4 GiB. */
const mostValues = 2 ** 30;

/**
 * Reads an IDX file of unsigned bytes with so many axes: two zero bytes, the type, the number of axes, each size as a
 * big-endian 32-bit integer, then the values. No more is read or unpacked than the header declares, 2^30 values at most.
 * Source: the format note on the MNIST page, Y. LeCun.
 *
 * Throws `not-found` for an unreadable file, and `bad-data` for one of another format or type, with other axes, or with
 * fewer or more values than its sizes say.
 */
export async function readIdx(path: string, axes: number): Promise<IdxArray> {
  try {
    const file = await open(path);
    try {
      const { buffer: start } = await file.read(Buffer.alloc(2), 0, 2, 0);
      const packed = file.createReadStream({ start: 0, autoClose: false });
      const isGzip = start[0] === 0x1f && start[1] === 0x8b;
      // What goes wrong in the pipeline comes out of its end.
      const chunks = isGzip ? pipeline(packed, createGunzip(), () => undefined) : packed;
      return await collectArray(chunks, axes, path);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof NeurostitchError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (code.startsWith('Z_')) throw expected('bad-data', 'an intact gzip file', cause, path);
    throw expected('not-found', 'a readable IDX file', cause, path);
  }
}

async function collectArray(source: AsyncIterable<Buffer>, axes: number, path: string): Promise<IdxArray> {
  const start = 4 + 4 * axes;
  const chunks: Buffer[] = [];
  let length = 0;
  let shape: Shape | undefined;
  for await (const chunk of source) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= start) shape ??= readHeader(Buffer.concat(chunks), axes, path);
    if (shape && length > start + sizeOf(shape)) throw otherLength(shape, new Words('more'), path);
  }
  const bytes = Buffer.concat(chunks);
  shape ??= readHeader(bytes, axes, path);
  if (length < start + sizeOf(shape)) throw otherLength(shape, length - start, path);
  return { shape, data: bytes.subarray(start) };
}

function readHeader(bytes: Buffer, axes: number, path: string): Shape {
  const [first, second, type, declared] = bytes;
  if (bytes.length < 4 || first !== 0 || second !== 0) {
    throw expected('bad-data', `an IDX file (0 0 8 ${axes} ...)`, [...bytes.subarray(0, 4)].join(' '), path);
  }
  if (type !== unsignedByte) {
    const got = otherTypes.get(type!) ?? 'another';
    throw expected('bad-data', `an IDX file of unsigned bytes (type 8)`, new Words(`${got} (type ${type})`), path);
  }
  if (declared !== axes) throw expected('bad-data', `an IDX file with ${axes} axes`, declared, path);
  const start = 4 + 4 * axes;
  if (bytes.length < start) {
    throw expected('bad-data', `an IDX header of ${start} bytes`, new Words(`${bytes.length} bytes`), path);
  }
  const shape = Array.from({ length: axes }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  if (sizeOf(shape) > mostValues) {
    throw expected('bad-data', `an IDX file of at most ${mostValues} values`, shape.join(' x '), path);
  }
  return shape;
}

function otherLength(shape: Shape, got: unknown, path: string): NeurostitchError {
  return expected('bad-data', `${sizeOf(shape)} values for sizes ${shape.join(' x ')}`, got, path);
}
