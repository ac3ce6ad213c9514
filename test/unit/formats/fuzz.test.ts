// Damaged and made-up files end in a valid network or in a typed error, nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NeurostitchError } from '../../../src/errors.ts';
import { exportOnnx } from '../../../src/formats/onnx/export-onnx.ts';
import { importOnnx } from '../../../src/formats/onnx/import-onnx.ts';
import { loadSafetensors, saveSafetensors } from '../../../src/formats/safetensors.ts';
import { readTensors } from '../../../src/formats/safetensors/read-tensors.ts';
import { sizeOf } from '../../../src/network/tensor.ts';
import { validate } from '../../../src/network/validate.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { fuzzCases, fuzzTimeout } from '../../helpers/fuzz-cases.ts';
import { buildNetwork } from '../../helpers/random-network.ts';
import { randomState } from '../../helpers/random-state.ts';
import { madeUpHeaders, madeUpModels } from './made-up-files.ts';

const folder = fileURLToPath(new URL('../../fixtures/onnx/', import.meta.url));
const fixtures = (extension: string): Uint8Array[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .map((name) => readFileSync(`${folder}${name}`));

/** Enough layers that every sort of field is in the files. */
const sample = buildNetwork({
  seed: 5,
  input: [2, 5, 4],
  steps: [0, 1, 0, 2, 3, 8].map((layer) => ({ layer, from: 0, variant: layer })),
});
const stream = RandomStream.fromSeed(1).state();
const best = { epoch: 1, loss: 0.5, trained: { network: sample, state: randomState(sample, 2) } };
const position = { step: 3, steps: 9, stream, noise: stream, loss: 0.25, correct: 2, best };
const saved = saveSafetensors({ network: sample, state: { ...randomState(sample, 1), position } });

type Read = (bytes: Uint8Array) => void;
const readOnnx: Read = (bytes) => {
  validate(importOnnx(bytes).network);
};
const readNetwork: Read = (bytes) => {
  validate(loadSafetensors(bytes).network);
};
const readAllTensors: Read = (bytes) => {
  for (const { shape, data } of readTensors(bytes).values()) expect(data.length).toBe(sizeOf(shape));
};

/** Reads a valid network or tensors, or ends in a typed error. */
function readAnyway(read: Read, bytes: Uint8Array): void {
  try {
    read(bytes);
  } catch (error) {
    if (!(error instanceof NeurostitchError)) throw error;
    expect(['bad-model', 'bad-network']).toContain(error.code);
    expect(error.message).not.toBe('');
  }
}

/** Places as fractions of a file's length, so that a case fits files of any length. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255));
const settings = { numRuns: fuzzCases };

describe.each<[format: string, files: Uint8Array[], read: Read]>([
  ['ONNX files', [exportOnnx(sample), ...fixtures('.onnx')], readOnnx],
  ['safetensors files', [saved, ...fixtures('.safetensors')], readAllTensors],
  ['networks in safetensors files', [saved], readNetwork],
])('%s', (_, files, read) => {
  const file = fc.constantFrom(...files);

  test('cut short', { timeout: fuzzTimeout }, () => {
    const cut = fc.property(file, place, (whole, end) => {
      expect(() => {
        read(whole.subarray(0, Math.floor(end * whole.length)));
      }).toThrow(NeurostitchError);
    });
    fc.assert(cut, settings);
  });

  test('with some bytes changed', { timeout: fuzzTimeout }, () => {
    const changes = fc.array(fc.tuple(place, byte), { minLength: 1, maxLength: 6 });
    const changed = fc.property(file, changes, (whole, all) => {
      const bytes = Uint8Array.from(whole);
      for (const [at, value] of all) bytes[Math.floor(at * bytes.length)] = value;
      readAnyway(read, bytes);
    });
    fc.assert(changed, settings);
  });

  test('with a piece of it repeated or left out', { timeout: fuzzTimeout }, () => {
    const spliced = fc.property(file, place, place, (whole, first, second) => {
      const [end, start] = [Math.floor(first * whole.length), Math.floor(second * whole.length)];
      readAnyway(read, Buffer.concat([whole.subarray(0, end), whole.subarray(start)]));
    });
    fc.assert(spliced, settings);
  });

  test('of any bytes', { timeout: fuzzTimeout }, () => {
    const any = fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      readAnyway(read, bytes);
    });
    fc.assert(any, settings);
  });
});

test('ONNX files of known operators, put together without sense', { timeout: fuzzTimeout }, () => {
  const outcomes = new Set<boolean>();
  const made = fc.property(madeUpModels, (bytes) => {
    readAnyway(() => {
      outcomes.add(false);
      readOnnx(bytes);
      outcomes.add(true);
    }, bytes);
  });
  fc.assert(made, settings);
  // Some of them happen to be networks.
  expect([...outcomes].sort()).toEqual([false, true]);
});

test('safetensors files with headers put together without sense', { timeout: fuzzTimeout }, () => {
  const made = fc.property(madeUpHeaders, (bytes) => {
    readAnyway(readAllTensors, bytes);
    readAnyway(readNetwork, bytes);
  });
  fc.assert(made, settings);
});
