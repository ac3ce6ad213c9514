// What the importer cannot express, or cannot trust, ends in an error that names the place.
import { expect, test } from 'vitest';
import { NeurostitchError } from '../../../src/errors.ts';
import { importOnnx } from '../../../src/formats/onnx/import-onnx.ts';
import {
  floats,
  integers,
  onnxFile,
  randomFloats,
  valueInfo,
  type FileInput,
  type OperatorInput,
} from './onnx-file.ts';

const image = [null, 2, 4, 4];
const weights = {
  matrix: randomFloats([3, 3], 1),
  three: randomFloats([3], 2),
  kernel: randomFloats([2, 2, 3, 3], 3),
  line: randomFloats([2, 2, 3], 4),
  two: randomFloats([2], 5),
  number: floats([], [2]),
};

/** One operator on "x", called /the/node. */
const one = (type: string, inputs: string[], attributes = {}, more: Partial<FileInput> = {}): FileInput => ({
  weights,
  operators: [{ type, inputs, name: '/the/node', attributes }],
  ...more,
});

/** The operators in a row; all but the last are called a, b, c. */
const row = (...operators: OperatorInput[]): FileInput => ({
  weights,
  operators: operators.map((operator, index) => ({
    output: `v${index}`,
    ...operator,
    name: index === operators.length - 1 ? '/the/node' : 'abc'[index]!,
  })),
});

const refused: readonly (readonly [what: string, file: FileInput, message: string])[] = [
  ['an unknown operator', one('LSTM', ['x']), 'an operator that neurostitch knows, got "LSTM"'],
  [
    "another vendor's operator",
    { operators: [{ type: 'FusedConv', domain: 'com.microsoft', inputs: ['x'], name: '/the/node' }] },
    'an operator that neurostitch knows, got "com.microsoft.FusedConv"',
  ],
  [
    'a missing weight',
    one('Gemm', ['x', 'lost']),
    '"lost" to be a weight or made by an earlier operator, got "neither"',
  ],
  ['a weight that is computed', one('MatMul', ['x', 'x']), 'constant numbers as input 1, got "the output of another'],
  ['a constant times the input', one('MatMul', ['matrix', 'x']), 'another operator as input 0, got "constant numbers"'],
  ['Gemm with transA', one('Gemm', ['x', 'matrix'], { transA: 1 }), 'Gemm without transA'],
  ['Gemm with weights that are no matrix', one('Gemm', ['x', 'line']), 'a matrix as weights, got [2,2,3]'],
  ['Gemm with a bias that does not fit', one('Gemm', ['x', 'matrix', 'two']), 'a bias of shape [3], got [2]'],
  ['Gemm behind an image', one('Gemm', ['x', 'matrix'], {}, { input: image }), 'a vector [batch, features] as input'],
  [
    'weights for other inputs',
    one('MatMul', ['x', 'matrix'], {}, { input: [null, 4] }),
    'a dense weight of shape [4, units]',
  ],
  [
    'a convolution along one axis',
    one('Conv', ['x', 'line'], {}, { input: image }),
    'a kernel [out, in / groups, height',
  ],
  ['a convolution of a vector', one('Conv', ['x', 'kernel']), 'an image [batch, channels, height, width] as input'],
  [
    'a kernel_shape that is not the kernel',
    one('Conv', ['x', 'kernel'], { kernel_shape: [5, 5] }, { input: image }),
    'kernel_shape 3 x 3, got "5 x 5"',
  ],
  ['two pads', one('Conv', ['x', 'kernel'], { pads: [1, 1] }, { input: image }), 'four pads: top, left, bottom, right'],
  ['odd auto_pad', one('Conv', ['x', 'kernel'], { auto_pad: 'ALL' }, { input: image }), 'auto_pad NOTSET, VALID'],
  ['a stride of 0', one('Conv', ['x', 'kernel'], { strides: [0, 1] }, { input: image }), '(stride.0 of conv2d)'],
  [
    'a kernel without values',
    one('Conv', ['x', 'none'], {}, { input: image, weights: { none: floats([2, 2, 0, 3], []) } }),
    'values in weight of conv2d',
  ],
  [
    'a constant added to the input',
    one('Add', ['x', 'three']),
    'a constant that is the bias of a convolution or dense',
  ],
  [
    'a second bias',
    row({ type: 'Gemm', inputs: ['x', 'matrix', 'three'] }, { type: 'Add', inputs: ['v0', 'three'] }),
    'a constant that is the bias',
  ],
  [
    'a sum of different shapes',
    row({ type: 'MatMul', inputs: ['x', 'narrow'] }, { type: 'Add', inputs: ['v0', 'x'] }),
    'inputs of add that all have shape [2]',
  ],
  ['a product with a constant', one('Mul', ['x', 'number']), 'a product that is SiLU, x * Sigmoid(x), or GELU'],
  [
    'batch norm that trains',
    one('BatchNormalization', ['x', 'three', 'three', 'three', 'three'], { training_mode: 1 }),
    'BatchNormalization in inference mode',
  ],
  [
    'batch norm with statistics per position',
    one('BatchNormalization', ['x', 'three', 'three', 'three', 'three'], { spatial: 0 }),
    'statistics for each channel',
  ],
  [
    'LeakyRelu of another slope',
    one('LeakyRelu', ['x'], { alpha: { float: 0.2 } }),
    'LeakyRelu with alpha 0.01, got 0.2',
  ],
  ['Elu of another alpha', one('Elu', ['x'], { alpha: { float: 0.5 } }), 'Elu with alpha 1, got 0.5'],
  [
    'the tanh form of Gelu',
    one('Gelu', ['x'], { approximate: 'tanh' }),
    'the exact Gelu (approximate "none"), got "tanh"',
  ],
  ['Softmax over samples', one('Softmax', ['x'], { axis: 0 }), 'Softmax along the last axis, got "axis 0"'],
  [
    'MaxPool that rounds up',
    one('MaxPool', ['x'], { kernel_shape: [2, 2], ceil_mode: 1 }, { input: image }),
    'MaxPool that rounds sizes down, got "ceil_mode"',
  ],
  [
    'MaxPool with dilation',
    one('MaxPool', ['x'], { kernel_shape: [2, 2], dilations: [2, 2] }, { input: image }),
    'MaxPool without dilation',
  ],
  ['a mean over channels', one('ReduceMean', ['x'], { axes: [1] }, { input: image }), 'a mean over height and width'],
  ['Flatten with the batch', one('Flatten', ['x'], { axis: 0 }, { input: image }), 'everything but the batch axis'],
  [
    'Reshape across samples',
    one('Reshape', ['x', 'shape'], {}, { input: image, weights: { shape: integers([-1, 16]) } }),
    'a reshape of [batch, 2, 4, 4] within each sample, got "[-1, 16]"',
  ],
  [
    'Reshape to a batch that the file does not fix',
    one('Reshape', ['x', 'shape'], {}, { input: image, weights: { shape: integers([4, 32]) } }),
    'a reshape of [batch, 2, 4, 4] within each sample, got "[4, 32]"',
  ],
  [
    'Reshape to another image',
    one('Reshape', ['x', 'shape'], {}, { input: image, weights: { shape: integers([0, 4, 2, 4]) } }),
    'a reshape to [batch, features], got "[batch, 4, 2, 4]"',
  ],
  [
    'Squeeze that may take the batch axis',
    one('Squeeze', ['x'], {}, { input: [1, 3] }),
    'Squeeze with axes (the batch axis is 1 too)',
  ],
  [
    'a convolution behind GlobalAveragePool',
    {
      ...row({ type: 'GlobalAveragePool', inputs: ['x'] }, { type: 'Conv', inputs: ['v0', 'kernel'] }),
      input: image,
    },
    'an image [batch, channels, height, width] as input, got "[batch, 2, 1, 1]"',
  ],
  [
    'Dropout that trains',
    one('Dropout', ['x', '', 'on'], {}, { weights: { on: { dims: [], dataType: 9, int32Data: [1] } } }),
    'Dropout in inference mode',
  ],
  [
    'padding before the end',
    one('Pad', ['x'], { pads: [0, 0, 1, 1, 0, 0, 1, 1] }, { input: image, opset: 9 }),
    'padding right',
  ],
  [
    'reflected padding',
    one('Pad', ['x'], { mode: 'reflect', pads: [0, 0, 1, 1, 0, 0, 1, 1] }, { input: image, opset: 9 }),
    'padding with zeros, got "reflect"',
  ],
  [
    'the indices of MaxPool',
    {
      input: image,
      operators: [
        {
          type: 'MaxPool',
          inputs: ['x'],
          outputs: ['p', 'i'],
          name: '/the/node',
          attributes: { kernel_shape: [2, 2] },
        },
        { type: 'Relu', inputs: ['i'] },
      ],
    },
    'only the first output of MaxPool to be used, got "i"',
  ],
  ['a cast to another type', one('Cast', ['x'], { to: 10 }), 'a cast to float32, got "float16"'],
];

function errorOf(bytes: Uint8Array): NeurostitchError {
  try {
    importOnnx(bytes);
  } catch (error) {
    if (error instanceof NeurostitchError) return error;
    throw error;
  }
  throw new Error('imported');
}

test.each(refused)('%s', (_, file, message) => {
  const withNarrow = { ...file, weights: { ...file.weights, narrow: randomFloats([3, 2], 6) } };
  const error = errorOf(onnxFile(withNarrow));
  expect(error.code).toBe('bad-model');
  expect(error.message).toContain(message);
  expect(error.message).toMatch(/^Expected .*, got .* \(at node \/the\/node\)$|\(stride\.0 of conv2d\) \(at node/);
  expect(error.path).toBe('/the/node');
});

const relu = [{ type: 'Relu', inputs: ['x'] }];
const withInput = (...input: object[]): Uint8Array => onnxFile({ operators: relu, graph: { input } });
const withWeight = (weight: object): Uint8Array =>
  onnxFile({ weights: { weight }, operators: [{ type: 'MatMul', inputs: ['x', 'weight'] }] });

const badFiles: readonly (readonly [what: string, bytes: Uint8Array, message: string])[] = [
  ['an empty file', new Uint8Array(0), 'Expected an ONNX file with a graph, got "none"'],
  ['text', Buffer.from('import torch\n'), 'Expected an intact ONNX file, got '],
  ['an old operator set', onnxFile({ operators: relu, opset: 6 }), 'Expected ONNX operator set 7 or later, got 6'],
  ['two inputs', withInput(valueInfo('x', [1, 3]), valueInfo('z', [1])), 'Expected a model with one input, got "x, z"'],
  ['no input', withInput(), 'Expected a model with one input, got "none"'],
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
    'Expected a model with one output, got "y, x"',
  ],
  [
    'an output that nothing makes',
    onnxFile({ operators: relu, graph: { output: [valueInfo('z', [1])] } }),
    'Expected an output that is computed from the input, got "none" (at z)',
  ],
  [
    'a value made twice',
    onnxFile({
      operators: [
        { type: 'Relu', inputs: ['x'] },
        { type: 'Tanh', inputs: ['y'] },
      ],
    }),
    'Expected every value to be made once, got ""y" twice" (at Tanh_1)',
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
    'Expected values inside the ONNX file, got "another file" (at weight)',
  ],
  [
    'values that are not finite',
    withWeight(floats([3, 1], [1, NaN, 2])),
    'Expected finite values, got "NaN or infinity" (at dense.weight)',
  ],
];

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
