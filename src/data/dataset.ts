// Data sets by name or by path, as samples in shared memory.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createHash } from 'node:crypto';
import { expected, NeurostitchError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { readIdx, type IdxArray } from './idx.ts';
import { allocateSamples, type Samples } from './samples.ts';

export interface Dataset {
  readonly name: string;
  /** SHA-256 of all inputs and labels. */
  readonly hash: string;
  readonly samples: Samples;
  /** Samples that the publisher set apart for testing, if any. */
  readonly heldOut: Samples | undefined;
}

/** Data sets that come with the package. */
export const embeddedDatasets: readonly string[] = ['digits'];

/**
 * Loads a data set: the name of an embedded one ("digits": 1,797 handwritten digits of 8 x 8, UCI), or a folder with
 * a pair of IDX files, *images-idx3-ubyte[.gz] and *labels-idx1-ubyte[.gz]. Where there is a pair train-* and a pair
 * t10k-*, as in MNIST, the second is kept for testing. Pixel values are scaled to 0..1 by the largest one.
 *
 * Throws `not-found` for an unknown name or unreadable path, `bad-data` for files that do not fit together.
 */
export async function loadDataset(nameOrPath: string): Promise<Dataset> {
  const folder = embeddedDatasets.includes(nameOrPath) ? join(packageRoot(), 'assets', nameOrPath) : nameOrPath;
  let files: string[];
  try {
    files = await readdir(folder);
  } catch (cause) {
    const names = embeddedDatasets.map((name) => `"${name}"`).join(', ');
    throw new NeurostitchError(
      'not-found',
      `Expected a data set (${names}) or a readable folder of IDX files, got "${nameOrPath}"`,
      {
        path: nameOrPath,
        cause,
      },
    );
  }
  const images = files.filter((file) => /images-idx3-ubyte(\.gz)?$/.test(file)).sort();
  const heldOutFile = images.length > 1 ? images.find((file) => file.startsWith('t10k')) : undefined;
  const file = images.find((name) => name !== heldOutFile);
  if (file === undefined) {
    throw expected(
      'bad-data',
      'a file *images-idx3-ubyte[.gz] in the folder',
      files.length ? files : 'an empty folder',
      folder,
    );
  }
  const samples = await readPair(folder, file, files);
  const heldOut = heldOutFile === undefined ? undefined : await readPair(folder, heldOutFile, files);
  const hash = createHash('sha256');
  for (const part of [samples, ...(heldOut ? [heldOut] : [])]) hash.update(bytesOf(part.inputs)).update(part.labels);
  return { name: basename(nameOrPath), hash: hash.digest('hex'), samples, heldOut };
}

async function readPair(folder: string, imageFile: string, files: readonly string[]): Promise<Samples> {
  const labelFile = imageFile.replace('images-idx3', 'labels-idx1');
  if (!files.includes(labelFile))
    throw expected('bad-data', `the file ${labelFile} beside ${imageFile}`, 'none', folder);
  const images = await readIdx(join(folder, imageFile));
  const labels = await readIdx(join(folder, labelFile));
  return toSamples(images, labels, join(folder, labelFile));
}

function toSamples(images: IdxArray, labels: IdxArray, path: string): Samples {
  const [count, ...size] = images.shape;
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw expected('bad-data', `${count} labels for ${count} images`, labels.shape.join(' x '), path);
  }
  if (count === 0) throw expected('bad-data', 'at least one sample', 'none', path);
  const classes = labels.data.reduce((most, label) => Math.max(most, label), 0) + 1;
  const samples = allocateSamples([1, ...size], classes, count!);
  const largest = images.data.reduce((most, value) => Math.max(most, value), 1);
  images.data.forEach((value, i) => (samples.inputs[i] = value / largest));
  samples.labels.set(labels.data);
  return samples;
}

function bytesOf(values: Float32Array<SharedArrayBuffer>): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
