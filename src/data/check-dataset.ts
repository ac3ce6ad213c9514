// Checks what callers hand over as data: plain JavaScript may hand over anything.
import { expected, Words } from '../errors.ts';
import { sizeOf } from '../network/tensor.ts';
import type { Dataset } from './dataset.ts';
import type { Samples } from './samples.ts';

/**
 * Throws `bad-argument` for what is not made as `loadDataset` and `datasetOf` make data sets, `bad-data` for inputs that
 * are not finite; `place` is what callers call it.
 */
export function requireDataset(value: unknown, place: string): asserts value is Dataset {
  const { name, hash, samples, heldOut } = fieldsOf<Dataset>(value);
  if (typeof name !== 'string' || typeof hash !== 'string')
    throw expected('bad-argument', 'a data set, as loadDataset or datasetOf make one', inWords(value), place);
  requireSamples(samples, `${place}.samples`);
  if (heldOut !== undefined) requireSamples(heldOut, `${place}.heldOut`);
}

/** As `requireDataset`, of a part of one. */
export function requireSamples(value: unknown, place: string): asserts value is Samples {
  const { shape, classes, count, inputs, labels } = fieldsOf<Samples>(value);
  const isCount = (size: unknown, least: number): size is number => Number.isSafeInteger(size) && Number(size) >= least;
  if (!Array.isArray(shape) || !shape.every((size) => isCount(size, 1)) || !isCount(count, 0))
    throw expected('bad-argument', 'samples, as allocateSamples makes them', inWords(value), place);
  if (!isCount(classes, 1)) throw expected('bad-argument', 'a number of classes', classes, `${place}.classes`);
  const size = count * sizeOf(shape);
  if (!(inputs instanceof Float32Array) || inputs.length !== size)
    throw expected('bad-argument', `a Float32Array of ${size} inputs`, inWords(inputs), `${place}.inputs`);
  if (!(labels instanceof Uint8Array) || labels.length !== count)
    throw expected('bad-argument', `a Uint8Array of ${count} labels`, inWords(labels), `${place}.labels`);
  for (let at = 0; at < size; at++) {
    if (!Number.isFinite(inputs[at])) throw expected('bad-data', 'finite inputs', inputs[at], `${place}.inputs.${at}`);
  }
}

function fieldsOf<T>(value: unknown): Partial<Record<keyof T, unknown>> {
  return Object(value) as Partial<Record<keyof T, unknown>>;
}

/** Data sets are too long to be shown. */
function inWords(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return new Words(`${value.constructor.name} of ${value.byteLength} bytes`);
  return value instanceof Object ? new Words('another object') : value;
}
