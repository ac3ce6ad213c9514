// What the IDX reader makes of files that are not what they say.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readIdx } from '../../../src/data/idx.ts';
import { idx } from './idx-file.ts';

let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'neurostitch-idx-')), 'file');
});
afterEach(() => rm(join(path, '..'), { recursive: true }));

/** A gzip file of zeros, in members, so that nobody needs the memory to make it. */
function bomb(header: Buffer, mebibytes: number): Buffer {
  const member = gzipSync(Buffer.alloc(2 ** 24));
  return Buffer.concat([gzipSync(header), ...new Array<Buffer>(mebibytes / 16).fill(member)]);
}

test.each<[string, Buffer, string]>([
  ['nothing', Buffer.alloc(0), 'Expected an IDX file (0 0 8 3 ...)'],
  ['three bytes', Buffer.of(0, 0, 8), 'Expected an IDX file (0 0 8 3 ...), got "0 0 8"'],
  ['a cut header', idx([1, 1, 1], []).subarray(0, 15), 'Expected an IDX header of 16 bytes, got 15 bytes'],
  ['fewer values', idx([2, 1, 2], [0, 1]), 'Expected 4 values for sizes 2 x 1 x 2, got 2'],
  ['more values', idx([2, 1, 2], [0, 1, 2, 3, 4]), 'Expected 4 values for sizes 2 x 1 x 2, got more'],
  ['labels for images', idx([2], [0, 1]), 'Expected an IDX file with 3 axes, got 1'],
  ['255 axes', Buffer.of(0, 0, 8, 255), 'Expected an IDX file with 3 axes, got 255'],
  [
    'signed bytes',
    idx([1, 1, 1], [0], 9),
    'Expected an IDX file of unsigned bytes (type 8), got signed bytes (type 9)',
  ],
  ['float32', idx([1, 1, 1], [0, 0, 0, 0], 13), 'got float32 (type 13)'],
  ['no type', idx([1, 1, 1], [0], 7), 'got another (type 7)'],
  ['sizes beyond what is there', idx([1024, 1024, 1023], [0]), 'Expected 1072693248 values'],
  ['huge sizes', idx([1025, 1024, 1024], [0]), 'Expected an IDX file of at most 1073741824 values'],
  ['sizes whose product overflows', idx([2 ** 31, 2 ** 31, 4], []), 'at most 1073741824 values, got "2147483648 x'],
  ['a cut gzip file', gzipSync(idx([1, 1, 1], [5])).subarray(0, -9), 'Expected an intact gzip file'],
  ['a gzip file of something else', gzipSync('hello'), 'Expected an IDX file (0 0 8 3 ...)'],
  ['a gzip bomb', bomb(idx([1, 1, 1], []), 512), 'Expected 1 values for sizes 1 x 1 x 1, got more'],
])('%s: refused, without room for what is not there', async (_, content, message) => {
  await writeFile(path, content);
  const before = process.memoryUsage().arrayBuffers;
  const error = await readIdx(path, 3).catch((caught: unknown) => caught);
  const taken = process.memoryUsage().arrayBuffers - before;
  expect(error).toMatchObject({ code: 'bad-data', path });
  expect((error as Error).message).toContain(message);
  expect(taken).toBeLessThan(2 ** 22);
});

test('a folder instead of a file is refused clearly', async () => {
  const error = await readIdx(join(path, '..'), 3).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'not-found' });
});

test('several gzip members are one file', async () => {
  await writeFile(path, Buffer.concat([gzipSync(idx([2, 1, 1], [3])), gzipSync(Buffer.of(4))]));
  expect(await readIdx(path, 3)).toEqual({ shape: [2, 1, 1], data: Buffer.of(3, 4) });
});
