// Labelled samples in shared memory, so that worker threads read them without copies.
import { expected } from '../errors.ts';
import { sizeOf, type Shape } from '../network/tensor.ts';

/** `count` samples of one shape with a class each. Both arrays lie in SharedArrayBuffers. */
export interface Samples {
  readonly shape: Shape;
  readonly classes: number;
  readonly count: number;
  /** [count, ...shape]. */
  readonly inputs: Float32Array<SharedArrayBuffer>;
  /** [count], each 0 to classes - 1. */
  readonly labels: Uint8Array<SharedArrayBuffer>;
}

/** The labels are bytes. */
const mostClasses = 256;

/**
 * Samples to be filled: all values 0, all of class 0.
 *
 * Throws `bad-argument` for sizes of a sample that are no whole numbers above 0, a count that is none from 0 on, or
 * other than 1 to 256 classes.
 */
export function allocateSamples(shape: Shape, classes: number, count: number): Samples {
  const isCount = (value: number, least: number): boolean => Number.isSafeInteger(value) && value >= least;
  if (!shape.every((size) => isCount(size, 1))) throw expected('bad-argument', 'the shape of a sample', shape);
  if (!isCount(count, 0)) throw expected('bad-argument', 'a number of samples', count);
  if (!isCount(classes, 1) || classes > mostClasses) {
    throw expected('bad-argument', `1 to ${mostClasses} classes`, classes);
  }
  const inputs = new Float32Array(new SharedArrayBuffer(4 * count * sizeOf(shape)));
  return { shape, classes, count, inputs, labels: new Uint8Array(new SharedArrayBuffer(count)) };
}

/** The samples at these positions, copied, in this order. */
export function selectSamples(samples: Samples, positions: readonly number[]): Samples {
  const selected = allocateSamples(samples.shape, samples.classes, positions.length);
  const size = sizeOf(samples.shape);
  positions.forEach((from, to) => {
    selected.inputs.set(samples.inputs.subarray(from * size, (from + 1) * size), to * size);
    selected.labels[to] = samples.labels[from]!;
  });
  return selected;
}

/**
 * A batch for an engine, copied out of shared memory: the inputs at these positions, each 0 to count - 1, and targets
 * of shape [positions, width]. Targets are rows of `wanted` [count, width], or 1 at each sample's class.
 *
 * Throws `bad-argument` where `wanted` does not have a row for each sample, `bad-data` for a label that is no class.
 */
export function batchOf(
  { shape, classes, count, inputs, labels }: Samples,
  positions: readonly number[],
  wanted?: Float32Array,
): { readonly size: number; readonly data: Float32Array; readonly targets: Float32Array } {
  const size = sizeOf(shape);
  const width = wanted ? wanted.length / count : classes;
  if (!Number.isInteger(width)) throw expected('bad-argument', `targets for ${count} samples`, wanted?.length);
  const data = new Float32Array(positions.length * size);
  const targets = new Float32Array(positions.length * width);
  positions.forEach((from, to) => {
    data.set(inputs.subarray(from * size, (from + 1) * size), to * size);
    if (wanted) targets.set(wanted.subarray(from * width, (from + 1) * width), to * width);
    else targets[to * width + requireClass(labels[from], classes)] = 1;
  });
  return { size: positions.length, data, targets };
}

/** Positions 0 to count - 1 cut into runs of at most `size`. */
export function batchPositions(count: number, size: number): number[][] {
  return Array.from({ length: Math.ceil(count / size) }, (_, batch) =>
    Array.from({ length: Math.min(size, count - batch * size) }, (_, i) => batch * size + i),
  );
}

/** The label, which must be a class: the next class would be the next sample's first. */
function requireClass(label: number | undefined, classes: number): number {
  if (label === undefined || label >= classes) throw expected('bad-data', `labels from 0 to ${classes - 1}`, label);
  return label;
}
