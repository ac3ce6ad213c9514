import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadDataset } from '../../../src/data/dataset.ts';
import { batchOf } from '../../../src/data/samples.ts';
import { splitDataset, type Splits } from '../../../src/data/split.ts';
import { idx } from './idx-file.ts';
import { RandomStream } from '../../../src/random/stream.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neurostitch-data-'));
});
afterEach(() => rm(folder, { recursive: true }));

const images = 'a-images-idx3-ubyte';
const labels = 'a-labels-idx1-ubyte';
const file = (name: string, content: string | Buffer): Promise<void> => writeFile(join(folder, name), content);
const files = (contents: Readonly<Record<string, Buffer>>): Promise<unknown> =>
  Promise.all(Object.entries(contents).map(([name, content]) => file(name, content)));

test('the embedded digits have the published size and labels', async () => {
  const { samples, name } = await loadDataset('digits');
  expect(name).toBe('digits');
  expect([samples.count, ...samples.shape, samples.classes]).toEqual([1797, 1, 8, 8, 10]);
  const perClass = Array.from({ length: 10 }, (_, label) => samples.labels.filter((own) => own === label).length);
  // Class sizes as scikit-learn documents them for load_digits.
  expect(perClass).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  expect(Math.max(...samples.inputs)).toBe(1);
});

test('a split keeps every class in its share, uses every sample once, and follows the seed', async () => {
  const dataset = await loadDataset('digits');
  const split = (seed: number): Splits =>
    splitDataset(dataset, { validation: 0.2, test: 0.2 }, RandomStream.fromSeed(seed));
  const { train, validation, test: rest } = split(1);
  const parts = [train, validation, rest];
  expect(parts.reduce((sum, part) => sum + part.count, 0)).toBe(1797);
  const fingerprint = (inputs: Float32Array): number => inputs.reduce((sum, x, i) => sum + x * Math.sin(i + 1), 0);
  const rows = (part: (typeof parts)[number]): number[] =>
    Array.from({ length: part.count }, (_, i) => fingerprint(part.inputs.subarray(64 * i, 64 * (i + 1))));
  const all = rows(dataset.samples).toSorted();
  expect(parts.flatMap(rows).toSorted()).toEqual(all);
  for (const part of parts.slice(1)) {
    for (let label = 0; label < 10; label++) {
      expect(part.labels.filter((own) => own === label).length).toBeGreaterThanOrEqual(34);
    }
  }
  expect(split(1).train.labels).toEqual(split(1).train.labels);
  expect(split(1).train.labels).not.toEqual(split(2).train.labels);
});

test.each([
  ['packed', '.gz', '.gz'],
  ['unpacked', '', ''],
  ['with packed images only', '.gz', ''],
  ['with packed labels only', '', '.gz'],
])('a folder of IDX files, %s, is read and scaled to 0..1', async (_, imageEnd, labelEnd) => {
  const pack = (content: Buffer, end: string): Buffer => (end === '' ? content : gzipSync(content));
  await file(images + imageEnd, pack(idx([2, 1, 2], [0, 50, 100, 200]), imageEnd));
  await file(labels + labelEnd, pack(idx([2], [1, 0]), labelEnd));
  const { samples } = await loadDataset(folder);
  expect([...samples.inputs]).toEqual([0, 0.25, 0.5, 1]);
  expect(batchOf(samples, [1, 0])).toEqual({
    size: 2,
    data: Float32Array.of(0.5, 1, 0, 0.25),
    targets: Float32Array.of(1, 0, 0, 1),
  });
});

test('of a file that is there packed and unpacked the unpacked one is read', async () => {
  await files({ [images]: idx([1, 1, 1], [7]), [`${images}.gz`]: Buffer.of(1), [labels]: idx([1], [0]) });
  expect((await loadDataset(folder)).samples.count).toBe(1);
});

test.each([
  ['train-', 't10k-'],
  ['x-train-', 'x-test-'],
  ['emnist-digits-train-', 'emnist-digits-t10k-'],
])('%s* is trained on, with its classes and its scale for %s*', async (train, heldOut) => {
  await files({
    [`${train}images-idx3-ubyte`]: idx([3, 1, 2], [0, 10, 20, 40, 30, 0]),
    [`${train}labels-idx1-ubyte`]: idx([3], [0, 2, 1]),
    [`${heldOut}images-idx3-ubyte`]: idx([2, 1, 2], [10, 20, 80, 0]),
    [`${heldOut}labels-idx1-ubyte`]: idx([2], [1, 0]),
  });
  const dataset = await loadDataset(folder);
  expect([...dataset.samples.inputs]).toEqual([0, 0.25, 0.5, 1, 0.75, 0]);
  expect([...dataset.heldOut!.inputs]).toEqual([0.25, 0.5, 2, 0]);
  expect([dataset.samples.classes, dataset.heldOut!.classes]).toEqual([3, 3]);
});

const pair = (stem: string, shape: readonly number[], classes: readonly number[]): Record<string, Buffer> => ({
  [`${stem}images-idx3-ubyte`]: idx(
    shape,
    shape.length === 3 ? new Array<number>(shape[0]! * shape[1]! * shape[2]!).fill(9) : [],
  ),
  [`${stem}labels-idx1-ubyte`]: idx([classes.length], classes),
});

test.each<[string, Record<string, Buffer>, string]>([
  [
    'a held-out label that training lacks',
    { ...pair('train-', [3, 1, 1], [0, 1, 3]), ...pair('t10k-', [2, 1, 1], [3, 2]) },
    'Expected labels that train-labels-idx1-ubyte has too, got 2 (at FOLDER/t10k-labels-idx1-ubyte)',
  ],
  [
    'held-out images of another size',
    { ...pair('train-', [1, 2, 3], [0]), ...pair('t10k-', [1, 3, 2], [0]) },
    'Expected images of 2 x 3 pixels, like those to train on, got "3 x 2" (at FOLDER/t10k-images-idx3-ubyte)',
  ],
  [
    'two pairs of unclear roles',
    { ...pair('b-', [1, 1, 1], [0]), ...pair('a-', [1, 1, 1], [0]) },
    'Expected one pair of IDX files, or a pair *train-* with its pair *t10k-* or *test-*, ' +
      'got "a-images-idx3-ubyte, b-images-idx3-ubyte" (at FOLDER)',
  ],
  [
    'pairs of two data sets',
    { ...pair('a-train-', [1, 1, 1], [0]), ...pair('b-test-', [1, 1, 1], [0]) },
    'got "a-train-images-idx3-ubyte, b-test-images-idx3-ubyte" (at FOLDER)',
  ],
  [
    'three pairs',
    {
      ...pair('train-', [1, 1, 1], [0]),
      ...pair('test-', [1, 1, 1], [0]),
      ...pair('t10k-', [1, 1, 1], [0]),
    },
    'got "t10k-images-idx3-ubyte, test-images-idx3-ubyte, train-images-idx3-ubyte" (at FOLDER)',
  ],
  ['no samples', pair('a-', [0, 2, 2], []), 'Expected at least one sample, got none (at FOLDER/a-images'],
  [
    'no pixels',
    pair('a-', [2, 0, 3], [0, 1]),
    'Expected images of at least one pixel, got "0 x 3" (at FOLDER/a-images',
  ],
])('%s: refused, and the file is named', async (_, contents, message) => {
  await files(contents);
  const error = await loadDataset(folder).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'bad-data', path: expect.stringContaining(folder) as string });
  expect((error as Error).message.replaceAll(folder, 'FOLDER')).toContain(message);
});

test.each<[string, () => Promise<unknown>, string]>([
  ['an empty folder', () => Promise.resolve(), 'Expected a file *images-idx3-ubyte[.gz] in the folder'],
  [
    'labels missing',
    () => file(images, idx([1, 1, 1], [0])),
    'Expected the file a-labels-idx1-ubyte[.gz] beside a-images-idx3-ubyte',
  ],
  [
    'a cut file',
    () => Promise.all([file(images, idx([2, 1, 2], [0, 1])), file(labels, idx([2], [0, 1]))]),
    'Expected 4 values for sizes 2 x 1 x 2, got 2',
  ],
  [
    'too many labels',
    () => files({ [images]: idx([1, 1, 1], [0]), [labels]: idx([2], [0, 1]) }),
    'Expected 1 labels for 1 images, got 2',
  ],
  [
    'too few labels',
    () => Promise.all([file(images, idx([2, 1, 1], [0, 1])), file(labels, idx([1], [0]))]),
    'Expected 2 labels for 2 images',
  ],
  [
    'another format',
    () => Promise.all([file(images, 'hello'), file(labels, 'hello')]),
    'Expected an IDX file (0 0 8 3 ...), got "104 101 108 108"',
  ],
  [
    'a broken gzip file',
    () => Promise.all([file(images, Buffer.from([0x1f, 0x8b, 1, 2])), file(labels, 'x')]),
    'Expected an intact gzip file',
  ],
])('%s is refused clearly', async (_, prepare, message) => {
  await prepare();
  await expect(loadDataset(folder)).rejects.toThrow(message);
});

test('an unknown name is refused clearly', async () => {
  const message = 'Expected a data set ("digits") or a readable folder of IDX files, got "digitz"';
  await expect(loadDataset('digitz')).rejects.toThrow(message);
});

const mnist = join(import.meta.dirname, '../../../../shared/data/mnist');
test.skipIf(!existsSync(mnist))(
  'MNIST from ../shared/data keeps its own test part (skipped where it is not there)',
  async () => {
    const dataset = await loadDataset(mnist);
    expect([dataset.samples.count, dataset.heldOut?.count]).toEqual([60_000, 10_000]);
    const { train, validation, test } = splitDataset(dataset, { validation: 0.1, test: 0.1 }, RandomStream.fromSeed(1));
    expect([train.count, validation.count, test.count]).toEqual([54_000, 6_000, 10_000]);
  },
);
