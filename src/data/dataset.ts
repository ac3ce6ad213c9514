// Data sets by name or by path, as samples in shared memory.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expected, NeurostitchError, Words } from '../errors.ts';
import { sameShape } from '../network/tensor.ts';
import { packageRoot } from '../package-root.ts';
import { requireSamples } from './check-dataset.ts';
import { findIdxPairs, type IdxPair } from './idx-pairs.ts';
import { readIdx, type IdxArray } from './idx.ts';
import { allocateSamples, type Samples } from './samples.ts';

/** Samples of one shape and with one set of classes, as their publisher divided them. */
export interface Dataset {
  readonly name: string;
  /** SHA-256 of all inputs and labels. */
  readonly hash: string;
  readonly samples: Samples;
  /** Samples that the publisher set apart for testing, if any. */
  readonly heldOut: Samples | undefined;
}

/** Data sets that come with the package. */
const embeddedDatasets: readonly string[] = ['digits'];

/**
 * Loads a data set: the name of an embedded one ("digits": 1,797 handwritten digits of 8 x 8, UCI), or a folder with
 * IDX files of unsigned bytes, *images-idx3-ubyte and *labels-idx1-ubyte, each of them gzip-compressed (.gz) or not.
 * Where there is a pair *train-* and a pair *t10k-* (as in MNIST) or *test-*, the second is kept for testing.
 *
 * Inputs have shape [1, height, width]; all are divided by the largest pixel value of the training images, which brings
 * those to 0..1. The classes are 0 to the highest training label.
 *
 * Throws `not-found` for an unknown name or unreadable path, `bad-data`, naming the file, for files that are damaged,
 * empty, of another type, or do not fit together.
 */
export async function loadDataset(nameOrPath: string): Promise<Dataset> {
  const folder = embeddedDatasets.includes(nameOrPath) ? join(packageRoot(), 'assets', nameOrPath) : nameOrPath;
  const pairs = findIdxPairs(await listFolder(folder), folder);
  const training = await readPair(folder, pairs.training);
  const testing = pairs.heldOut && (await readPair(folder, pairs.heldOut));
  if (testing) requireSameKind(testing, training);
  const classes = largest(training.labels) + 1;
  const scale = Math.max(largest(training.images), 1);
  const samples = toSamples(training, classes, scale);
  const heldOut = testing && toSamples(testing, classes, scale);
  return datasetOf(basename(nameOrPath), samples, heldOut);
}

/**
 * Samples as a data set under a name of one's own; without `heldOut`, a part of them is set apart for testing.
 *
 * Throws `bad-argument` for what are no samples, `bad-data` for inputs that are not finite and where both are not of one
 * shape and one number of classes.
 */
export function datasetOf(name: string, samples: Samples, heldOut?: Samples): Dataset {
  if (typeof name !== 'string') throw expected('bad-argument', 'a name of the data set', name, 'name');
  requireSamples(samples, 'samples');
  if (heldOut !== undefined) requireSamples(heldOut, 'heldOut');
  if (heldOut && !(sameShape(heldOut.shape, samples.shape) && heldOut.classes === samples.classes)) {
    const wanted = `samples held out of shape [${samples.shape.join(', ')}] in ${samples.classes} classes`;
    throw expected('bad-data', wanted, new Words(`[${heldOut.shape.join(', ')}] in ${heldOut.classes}`), name);
  }
  const hash = createHash('sha256');
  for (const part of [samples, ...(heldOut ? [heldOut] : [])]) hash.update(bytesOf(part.inputs)).update(part.labels);
  return { name, hash: hash.digest('hex'), samples, heldOut };
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const names = embeddedDatasets.map((name) => `"${name}"`).join(', ');
    const wanted = `a data set (${names}) or a readable folder of IDX files`;
    const { message } = expected('not-found', wanted, folder, undefined, embeddedDatasets);
    throw new NeurostitchError('not-found', message, { path: folder, cause });
  }
}

/** What two files hold, and where they lie. */
interface LabelledImages {
  readonly images: IdxArray;
  readonly labels: IdxArray;
  readonly paths: IdxPair;
}

async function readPair(folder: string, pair: IdxPair): Promise<LabelledImages> {
  const paths = { images: join(folder, pair.images), labels: join(folder, pair.labels) };
  const images = await readIdx(paths.images, 3);
  const labels = await readIdx(paths.labels, 1);
  const [count] = images.shape;
  if (count === 0) throw expected('bad-data', 'at least one sample', new Words('none'), paths.images);
  if (images.data.length === 0) {
    throw expected('bad-data', 'images of at least one pixel', images.shape.slice(1).join(' x '), paths.images);
  }
  if (labels.data.length !== count) {
    throw expected('bad-data', `${count} labels for ${count} images`, labels.data.length, paths.labels);
  }
  return { images, labels, paths };
}

/** Testing must ask for nothing that training cannot teach. */
function requireSameKind({ images, labels, paths }: LabelledImages, training: LabelledImages): void {
  const [, ...size] = images.shape;
  const [, ...wanted] = training.images.shape;
  if (!sameShape(size, wanted)) {
    const pixels = `images of ${wanted.join(' x ')} pixels, like those to train on`;
    throw expected('bad-data', pixels, size.join(' x '), paths.images);
  }
  const known = new Set(training.labels.data);
  const stray = labels.data.find((label) => !known.has(label));
  if (stray !== undefined) {
    throw expected('bad-data', `labels that ${basename(training.paths.labels)} has too`, stray, paths.labels);
  }
}

function toSamples({ images, labels }: LabelledImages, classes: number, scale: number): Samples {
  const [count, ...size] = images.shape;
  const samples = allocateSamples([1, ...size], classes, count!);
  // Loops, not callbacks: MNIST has 55 million values.
  for (let i = 0; i < images.data.length; i++) samples.inputs[i] = images.data[i]! / scale;
  samples.labels.set(labels.data);
  return samples;
}

function largest({ data }: IdxArray): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) if (data[i]! > most) most = data[i]!;
  return most;
}

function bytesOf(values: Float32Array<SharedArrayBuffer>): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
