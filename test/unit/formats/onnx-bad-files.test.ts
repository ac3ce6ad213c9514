// ONNX files that are damaged, that lie, or that are built to fill the memory end in a typed error.
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import { importOnnx } from '../../../src/formats/onnx/import-onnx.ts';
import { errorOf, floats, integers, onnxFile, valueInfo, type OperatorInput } from './onnx-file.ts';

const image = [null, 2, 4, 4];
const relu = [{ type: 'Relu', inputs: ['x'] }];
const withInput = (...input: object[]): Uint8Array => onnxFile({ operators: relu, graph: { input } });
const withWeight = (weight: object): Uint8Array =>
  onnxFile({ weights: { weight }, operators: [{ type: 'MatMul', inputs: ['x', 'weight'] }] });

const badFiles: readonly (readonly [what: string, bytes: Uint8Array, message: string])[] = [
  ['an empty file', new Uint8Array(0), 'Expected an ONNX file with a graph, got none'],
  ['text', Buffer.from('import torch\n'), 'Expected an intact ONNX file, got '],
  ['an old operator set', onnxFile({ operators: relu, opset: 6 }), 'Expected ONNX operator set 7 or later, got 6'],
  ['two inputs', withInput(valueInfo('x', [1, 3]), valueInfo('z', [1])), 'Expected a model with one input, got x, z'],
  ['no input', withInput(), 'Expected a model with one input, got none'],
  ['an input of integers', withInput(valueInfo('x', [1, 3], 7)), 'Expected an input of float32 values, got "int64"'],
  ['an input of unknown rank', withInput(valueInfo('x', undefined)), 'inputShape, got "[unknown rank]"'],
  [
    'a sequence as input',
    withInput(valueInfo('x', [1, 8, 3])),
    'Expected an input [batch, channels, height, width] or',
  ],
  [
    'two outputs',
    onnxFile({ operators: relu, graph: { output: [valueInfo('y', [1]), valueInfo('x', [1])] } }),
    'Expected a model with one output, got y, x',
  ],
  [
    'an output that nothing makes',
    onnxFile({ operators: relu, graph: { output: [valueInfo('z', [1])] } }),
    'Expected an output that is computed from the input, got none (at z)',
  ],
  [
    'padding as its output',
    onnxFile({
      input: image,
      operators: [{ type: 'Pad', inputs: ['x'], attributes: { pads: [0, 0, 1, 1, 0, 0, 1, 1] } }],
      opset: 9,
    }),
    'Expected an output that is computed from the input, got padding (at y)',
  ],
  [
    'a value made twice',
    onnxFile({
      operators: [
        { type: 'Relu', inputs: ['x'] },
        { type: 'Tanh', inputs: ['y'] },
      ],
    }),
    'Expected every value to be made once, got "y" twice (at Tanh_1)',
  ],
  [
    'too few values',
    withWeight({ dims: [3, 2], dataType: 1, floatData: [1] }),
    'Expected 6 values for shape [3, 2], got 1',
  ],
  [
    'half a value',
    withWeight({ dims: [1], dataType: 1, rawData: new Uint8Array(6) }),
    'Expected 1 values for shape [1], got 1.5',
  ],
  [
    'a shape that is none',
    withWeight({ dims: [-3, -1], dataType: 1, floatData: [1, 2, 3] }),
    'Expected a shape, got [-3,-1]',
  ],
  [
    'a huge shape',
    withWeight({ dims: [2 ** 40, 2 ** 40], dataType: 1, floatData: [1] }),
    'Expected a shape, got [1099511627776,1099511627776]',
  ],
  [
    'half floats',
    withWeight({ dims: [3, 1], dataType: 10, rawData: new Uint8Array(6) }),
    'Expected values of float32, float64 or int64, got "float16" (at weight)',
  ],
  [
    'values in another file',
    withWeight({ dims: [3, 1], dataType: 1, dataLocation: 1 }),
    'Expected values inside the ONNX file, got another file (at weight)',
  ],
  [
    'values that are not finite',
    withWeight(floats([3, 1], [1, NaN, 2])),
    'Expected finite values, got NaN or infinity (at dense.weight)',
  ],
];

/** A field of a protobuf message that holds bytes. */
function field(number: number, content: Uint8Array): Uint8Array {
  return protobuf.Writer.create()
    .uint32(number * 8 + 2)
    .bytes(content)
    .finish();
}

/** That many empty messages in a row, two bytes each. */
const emptyMessages = (number: number, count: number): Uint8Array =>
  Uint8Array.from({ length: 2 * count }, (_, at) => (at % 2 === 0 ? number * 8 + 2 : 0));

const layer = (type: string, inputs: string[], index: number): OperatorInput => ({
  type,
  inputs,
  output: `v${index}`,
  attributes: type === 'Concat' ? { axis: 1 } : {},
});

/** A weight whose values are in another file: TensorProto.external_data, which our schema leaves out. */
function withExternalData(location: string): Uint8Array {
  const entry = Buffer.concat([field(1, Buffer.from('location')), field(2, Buffer.from(location))]);
  const file = Buffer.from(withWeight({ dims: [3, 1], dataType: 1, dataLocation: 1, rawData: entry }));
  file[file.indexOf(entry) - 2] = 13 * 8 + 2;
  return file;
}

/** Small files that ask for much, and what stops them. */
const hostileFiles: readonly (readonly [what: string, bytes: Uint8Array, message: string])[] = [
  [
    'a JPEG',
    Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1),
    'Expected an intact ONNX file',
  ],
  ['groups nested a million deep', new Uint8Array(1_000_000).fill(0x7b), 'Expected an intact ONNX file'],
  ['a length beyond its end', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1), 'Expected an intact ONNX file'],
  ['half a million empty operators', field(7, emptyMessages(1, 500_000)), 'at most 200000 parts, got more'],
  ['half a million empty attributes', field(7, field(1, emptyMessages(5, 500_000))), 'at most 200000 parts, got more'],
  [
    'four million small integers',
    field(7, field(5, field(7, new Uint8Array(4_000_000)))),
    'at most 200000 parts, got more',
  ],
  [
    'a circle of operators',
    onnxFile({
      operators: [layer('Add', ['x', 'v1'], 0), layer('Relu', ['v0'], 1)],
      graph: { output: [valueInfo('v1', undefined)] },
    }),
    'Expected "v1" to be a weight or made by an earlier operator, got "neither" (at node Add_0)',
  ],
  [
    'a weight given twice',
    onnxFile({ operators: relu, graph: { initializer: [1, 2].map(() => ({ name: 'w', ...floats([1], [1]) })) } }),
    'Expected every weight once, got w twice',
  ],
  [
    'weights in a file outside its folder',
    withExternalData('../../../../etc/passwd'),
    'Expected values inside the ONNX file, got another file (at weight)',
  ],
  [
    'an input of negative sizes',
    withInput(valueInfo('x', [1, -3, -4, -4])),
    'Expected an input of known shape, or the option inputShape',
  ],
  [
    'an input of more pixels than fit anywhere, and one number added to each channel',
    onnxFile({
      input: [null, 2 ** 40, 1, 1],
      weights: { one: floats([], [1]) },
      operators: [{ type: 'Add', inputs: ['x', 'one'] }],
    }),
    'weights in layers that add up to at most',
  ],
  [
    'an input whose size is no number',
    withInput(valueInfo('x', [1, 2 ** 40, 2 ** 40, 2 ** 40])),
    'Expected an input that has a size, got "[1, 1099511627776, ',
  ],
  [
    'a tensor joined with itself sixty times',
    onnxFile({
      operators: Array.from({ length: 60 }, (_, index) => {
        const part = index === 0 ? 'x' : `v${index - 1}`;
        return layer('Concat', [part, part], index);
      }),
    }),
    'Expected an output of concat that has a size',
  ],
  [
    'one large weight in ten thousand layers',
    onnxFile({
      input: [null, 100],
      weights: { weight: floats([100, 100], new Array<number>(10_000).fill(0.01)) },
      operators: Array.from({ length: 10_000 }, (_, index) => {
        return layer('MatMul', [index === 0 ? 'x' : `v${index - 1}`, 'weight'], index);
      }),
    }),
    'weights in layers that add up to at most',
  ],
  [
    'one large constant turned around three thousand times',
    onnxFile({
      weights: { weight: floats([100, 100], new Array<number>(10_000).fill(0.01)) },
      operators: Array.from({ length: 3000 }, (_, index) => {
        return {
          ...layer('Transpose', [index === 0 ? 'weight' : `v${index - 1}`], index),
          attributes: { perm: [1, 0] },
        };
      }),
    }),
    'weights in layers that add up to at most',
  ],
];

test.each(hostileFiles)('a file with %s', (_, bytes, message) => {
  const error = errorOf(bytes);
  expect(error.code).toBe('bad-model');
  expect(error.message).toContain(message);
});

test.each(badFiles)('a file with %s', (_, bytes, message) => {
  const error = errorOf(bytes);
  expect(error.code).toBe('bad-model');
  expect(error.message).toContain(message);
});

test('a list of sizes that grows threefold again and again is not followed to its end', () => {
  const operators = Array.from({ length: 60 }, (_, index) => {
    const part = index === 0 ? 'sizes' : `v${index - 1}`;
    return { type: 'Concat', inputs: [part, part, part], output: `v${index}`, attributes: { axis: 0 } };
  });
  const reshape = { type: 'Reshape', inputs: ['x', 'v59'] };
  const file = onnxFile({ weights: { sizes: integers([0, 2]) }, operators: [...operators, reshape] });
  expect(errorOf(file).message).toBe('Expected at most 1000 sizes, got 1458 (at node Concat_5)');
});

test('ten thousand layers of one name are imported in no time', () => {
  const operators = Array.from({ length: 10_000 }, (_, index) => ({
    type: 'Relu',
    inputs: [index === 0 ? 'x' : `v${index - 1}`],
    output: `v${index}`,
  }));
  expect(importOnnx(onnxFile({ operators })).network.nodes.at(-1)!.id).toBe('activation_10000');
});
