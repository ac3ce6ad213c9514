import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadDataset } from '../../../src/data/dataset.ts';
import { batchOf } from '../../../src/data/samples.ts';
import { splitDataset, type Splits } from '../../../src/data/split.ts';
import { RandomStream } from '../../../src/random/stream.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neurostitch-data-'));
});
afterEach(() => rm(folder, { recursive: true }));

const idx = (shape: readonly number[], values: readonly number[]): Buffer =>
  Buffer.from([0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, 0, size]), ...values]);
const images = 'a-images-idx3-ubyte';
const labels = 'a-labels-idx1-ubyte';

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

test('a folder of IDX files is read, gzip-compressed or not, and scaled to 0..1', async () => {
  await writeFile(join(folder, `${images}.gz`), gzipSync(idx([2, 1, 2], [0, 50, 100, 200])));
  await writeFile(join(folder, `${labels}.gz`), gzipSync(idx([2], [1, 0])));
  const { samples } = await loadDataset(folder);
  expect([...samples.inputs]).toEqual([0, 0.25, 0.5, 1]);
  expect(batchOf(samples, [1, 0])).toEqual({
    size: 2,
    data: Float32Array.of(0.5, 1, 0, 0.25),
    targets: Float32Array.of(1, 0, 0, 1),
  });
});

const file = (name: string, content: string | Buffer): Promise<void> => writeFile(join(folder, name), content);

test.each<[string, () => Promise<unknown>, string]>([
  ['an empty folder', () => Promise.resolve(), 'Expected a file *images-idx3-ubyte[.gz] in the folder'],
  [
    'labels missing',
    () => file(images, idx([1, 1, 1], [0])),
    'Expected the file a-labels-idx1-ubyte beside a-images-idx3-ubyte',
  ],
  [
    'a cut file',
    () => Promise.all([file(images, idx([2, 1, 2], [0, 1])), file(labels, idx([2], [0, 1]))]),
    'Expected 4 values for sizes 2 x 1 x 2, got 2',
  ],
  [
    'too few labels',
    () => Promise.all([file(images, idx([2, 1, 1], [0, 1])), file(labels, idx([1], [0]))]),
    'Expected 2 labels for 2 images',
  ],
  [
    'another format',
    () => Promise.all([file(images, 'hello'), file(labels, 'hello')]),
    'Expected an IDX file of unsigned bytes',
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
