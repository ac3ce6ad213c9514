import { expect, test } from 'vitest';
import { NeurostitchError } from '../../../src/errors.ts';
import { loadSafetensors, saveSafetensors } from '../../../src/formats/safetensors.ts';
import { readTensorFile, readTensors } from '../../../src/formats/safetensors/read-tensors.ts';
import { writeTensors } from '../../../src/formats/safetensors/write-tensors.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { tensor } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import type { TrainedNetwork } from '../../../src/training/training-state.ts';
import { mapParams } from '../../helpers/map-params.ts';
import { randomState } from '../../helpers/random-state.ts';

/** A file made by hand, byte by byte. */
function file(header: object | string, data: readonly number[] = [], headerLength?: bigint): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, headerLength ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const entry = (dtype: string, shape: number[], begin: number, end: number): object => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

function errorOf(run: () => unknown): NeurostitchError {
  try {
    run();
  } catch (error) {
    if (error instanceof NeurostitchError) return error;
    throw error;
  }
  throw new Error('no error');
}

test('a file by the book is read, unpadded and unaligned as it is', () => {
  const bytes = file(
    {
      __metadata__: { format: 'pt' },
      b: entry('F32', [], 8, 12),
      a: entry('F32', [2, 1], 0, 8),
      c: entry('F32', [0], 12, 12),
    },
    [0, 0, 128, 63, 0, 0, 0, 192, 0, 0, 192, 127],
  );
  // As a slice of a larger buffer at an odd offset, too.
  const shifted = new Uint8Array(bytes.length + 1).subarray(1);
  shifted.set(bytes);
  for (const source of [bytes, shifted]) {
    const { tensors, metadata } = readTensorFile(source);
    expect([...metadata]).toEqual([['format', 'pt']]);
    expect([...tensors.keys()]).toEqual(['a', 'b', 'c']);
    expect(tensors.get('a')).toEqual({ shape: [2, 1], data: Float32Array.of(1, -2) });
    expect(tensors.get('b')).toEqual({ shape: [], data: Float32Array.of(NaN) });
    expect(tensors.get('c')).toEqual({ shape: [0], data: new Float32Array(0) });
  }
});

test('half, bfloat and double values are converted', () => {
  const bytes = file(
    {
      half: entry('F16', [8], 0, 16),
      brain: entry('BF16', [3], 16, 22),
      double: entry('F64', [1], 22, 30),
    },
    [
      // 1, -2, 2^-24, largest below 2^-14, 65504, infinity, NaN, -0
      ...[0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x03, 0xff, 0x7b, 0x00, 0x7c, 0x01, 0x7c, 0x00, 0x80],
      ...[0x80, 0x3f, 0x49, 0xc0, 0x80, 0xff],
      ...new Uint8Array(Float64Array.of(0.1).buffer),
    ],
  );
  const tensors = readTensors(bytes);
  expect([...tensors.get('half')!.data]).toEqual([1, -2, 2 ** -24, 1023 * 2 ** -24, 65504, Infinity, NaN, -0]);
  expect([...tensors.get('brain')!.data]).toEqual([1, -3.140625, -Infinity]);
  expect([...tensors.get('double')!.data]).toEqual([Math.fround(0.1)]);
});

test('other element types are refused by name, unless nobody wants them', () => {
  const bytes = file({ count: entry('I64', [], 0, 8), w: entry('F32', [1], 8, 12) }, new Array<number>(12).fill(0));
  expect(() => readTensors(bytes)).toThrow('Expected a tensor of F32, F64, F16, BF16, got "I64" (at count)');
  expect([...readTensors(bytes, { wanted: (name) => name === 'w' }).keys()]).toEqual(['w']);
});

test('written files have their data at a multiple of 8 bytes, and read back', () => {
  const tensors = new Map([
    ['a', tensor([3], Float32Array.of(1.5, -0, 3e-45))],
    ['7', tensor([], Float32Array.of(2))],
  ]);
  const bytes = writeTensors(tensors, new Map([['who', '"quoted" \u00e9']]));
  const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(headerLength % 8).toBe(0);
  expect(bytes.length).toBe(8 + headerLength + 16);
  expect(Buffer.from(bytes.subarray(8, 8 + headerLength)).toString()).toMatch(/^\{"__metadata__":\{.*\} *$|^\{"7":/);
  const read = readTensorFile(bytes);
  expect(read.tensors).toEqual(tensors);
  expect(read.metadata.get('who')).toBe('"quoted" \u00e9');
  expect(() => writeTensors(new Map([['__metadata__', tensors.get('a')!]]))).toThrow('another name for a tensor');
});

const four = [0, 0, 0, 0];
const a = entry('F32', [1], 0, 4);
const damaged: readonly (readonly [what: string, bytes: Uint8Array, message: string])[] = [
  ['nothing', new Uint8Array(3), 'Expected a safetensors file, got 3 bytes'],
  ['a header longer than the file', file({}, [], 100n), 'Expected a header of 100 bytes, got 2: cut short'],
  ['a huge header', file({}, [], 2n ** 63n), 'Expected a header of at most 100000000 bytes, got 9223372036854776000'],
  ['a header that is not JSON', file('{"a": '), 'Expected a safetensors header in JSON'],
  ['a header that is not UTF-8', file('{"\u00ff":1}', []).with(10, 0xff), 'Expected a safetensors header in JSON'],
  ['metadata that are a number', file({ __metadata__: 1 }), 'Expected texts as __metadata__, got "number"'],
  ['a header that is a list', file('[]'), 'Expected a JSON object as safetensors header'],
  ['a name twice', file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{}}', four), 'got "a" twice'],
  ['a key twice in an entry', file('{"a":{"dtype":"F32","dtype":"F16"}}'), 'got "dtype" twice'],
  [
    'metadata that are not texts',
    file({ __metadata__: { a: 1 } }),
    'Expected texts as __metadata__, got "number" (at a)',
  ],
  [
    'an entry nested without end',
    file(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
    'got "Invalid input: expected object, received array ()" (at a)',
  ],
  [
    'an entry without offsets',
    file({ a: { dtype: 'F32', shape: [1] } }),
    'Expected dtype, shape and data_offsets, got',
  ],
  ['a negative size', file({ a: entry('F32', [-1], 0, 4) }, four), 'Expected dtype, shape and data_offsets, got'],
  [
    'a shape of another size',
    file({ a: entry('F32', [2], 0, 4) }, four),
    'Expected 8 bytes for F32 of shape [2], got 4',
  ],
  ['data cut short', file({ a }, [0, 0, 0]), 'Expected data up to offset 4, got 3: cut short (at a)'],
  ['data left over', file({ a }, [0, 0, 0, 0, 0]), 'Expected data of 4 bytes, got 5'],
  [
    'overlapping tensors',
    file({ a: entry('F32', [2], 0, 8), b: entry('F32', [1], 4, 8) }, [...four, ...four]),
    'Expected tensors that do not overlap, got offset 4 (at b)',
  ],
  [
    'a gap',
    file({ a, b: entry('F32', [1], 8, 12) }, [...four, ...four, ...four]),
    'Expected a tensor at offset 4, got 8 (at b)',
  ],
  ['offsets backwards', file({ a: entry('I8', [1], 0, 4), b: entry('I8', [1], 4, 2) }, four), 'data_offsets in order'],
];

test.each(damaged)('a file with %s is refused', (_, bytes, message) => {
  const error = errorOf(() => readTensors(bytes));
  expect(error.code).toBe('bad-model');
  expect(error.message).toContain(message);
});

function trained(): Parameters<typeof saveSafetensors>[0] {
  const builder = new NetworkBuilder([2, 4, 4], RandomStream.fromSeed(1));
  builder.layer('conv2d', { channels: 3, kernel: 3 });
  builder.layer('batchNorm');
  builder.layer('activation', { function: 'relu' });
  builder.layer('flatten');
  builder.layer('dense', { units: 2 });
  const network = builder.build();
  return { network, state: randomState(network, 1) };
}

test('a network is saved with its tensors under readable names', () => {
  const own = trained();
  const { tensors, metadata } = readTensorFile(saveSafetensors(own));
  expect([...metadata.keys()]).toEqual(['neurostitch']);
  expect([...tensors.keys()]).toEqual(
    expect.arrayContaining(['conv2d.weight', 'batchNorm.variance', 'dense.bias', 'dense.bias:first', 'dense.bias:age']),
  );
  expect(tensors.get('dense.weight')).toEqual(own.network.nodes.at(-1)!.params.weight);
  expect(loadSafetensors(saveSafetensors(own))).toEqual(own);
});

test('moments may stay behind', () => {
  const { network, state } = trained();
  const light = saveSafetensors({ network, state }, { moments: false });
  expect([...readTensors(light).keys()].filter((name) => name.includes(':'))).toEqual([]);
  expect(loadSafetensors(light)).toEqual({ network, state: { moments: {} } });
});

/** Half way through, with a best epoch of other weights and moments than the last ones. */
function inTraining(): TrainedNetwork {
  const { network, state } = trained();
  const halved = mapParams(network, (value) => value / 2);
  const best = { epoch: 2, loss: 0.1 + 0.2, trained: { network: halved, state: randomState(network, 2) } };
  const stream = RandomStream.fromSeed(3);
  const noise = stream.fork('noise').state();
  const position = { step: 7, steps: 12, stream: stream.state(), noise, loss: 1 / 3, correct: 5, best };
  return { network, state: { ...state, position } };
}

test('a training that has not ended comes back where it stood, its best epoch included', () => {
  const own = inTraining();
  expect(loadSafetensors(saveSafetensors(own))).toEqual(own);
  const { step, steps, stream, noise, loss, correct } = own.state.position!;
  const plain = { ...own, state: { ...own.state, position: { step, steps, stream, noise, loss, correct } } };
  expect(loadSafetensors(saveSafetensors(plain))).toEqual(plain);
  const light = saveSafetensors(own, { moments: false });
  expect(loadSafetensors(light)).toEqual({ network: own.network, state: { moments: {} } });
});

test('a best epoch and its tensors belong together', () => {
  const { tensors, metadata } = readTensorFile(saveSafetensors(inTraining()));
  const without = [...tensors].filter(([name]) => name !== 'dense.weight@best');
  expect(() => loadSafetensors(writeTensors(new Map(without), metadata))).toThrow('a parameter "weight" in dense');
  const graph = metadata.get('neurostitch')!.replace(/"best":\{[^}]*\}/, '"best":{"epoch":0,"loss":1}');
  expect(() => loadSafetensors(writeTensors(tensors, new Map([['neurostitch', graph]])))).toThrow(
    'position.best.epoch',
  );
  const { metadata: plain } = readTensorFile(saveSafetensors(trained()));
  expect(() => loadSafetensors(writeTensors(tensors, plain))).toThrow('first@best"');
});

test('files that hold another model than they say are refused', () => {
  const { tensors, metadata } = readTensorFile(saveSafetensors(trained()));
  const some = tensors.get('dense.bias')!;
  const load = (change: (copy: Map<string, typeof some>) => void, graph = metadata): (() => unknown) => {
    const copy = new Map(tensors);
    change(copy);
    return () => loadSafetensors(writeTensors(copy, graph));
  };
  const nothing = (): void => undefined;
  const graph = (text: string): Map<string, string> => new Map([['neurostitch', text]]);
  expect(load(nothing, new Map())).toThrow(
    'Expected a safetensors file that neurostitch saved (for others: readTensors)',
  );
  expect(load(nothing, graph('{'))).toThrow('Expected a graph in JSON');
  expect(load(nothing, graph('{"format":"x","nodes":[]}'))).toThrow('Expected a neurostitch-network-1 graph');
  expect(load((copy) => copy.set('other.weight', some))).toThrow(
    'Expected tensors of the nodes in the graph, got "other.weight"',
  );
  expect(load((copy) => copy.set('weight', some))).toThrow('got "weight"');
  expect(load((copy) => copy.delete('conv2d.weight'))).toThrow('Expected a parameter "weight" in conv2d');
  expect(load((copy) => copy.delete('dense.bias:age'))).toThrow(
    'Expected an age beside first, second, got none (at dense',
  );
  expect(load((copy) => copy.set('dense.bias:first', tensor([1], Float32Array.of(1))))).toThrow('got [1]');
  expect(load((copy) => copy.set('flatten.bias:first', some))).toThrow(
    'Expected moments of parameters in the file, got "flatten.bias:first"',
  );
});
