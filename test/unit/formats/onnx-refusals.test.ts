// What the importer cannot express, or cannot trust, ends in an error that names the place.
import { expect, test } from 'vitest';
import { errorOf, floats, integers, onnxFile, randomFloats, type FileInput, type OperatorInput } from './onnx-file.ts';

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

const resized: Partial<FileInput> = { input: image, weights: { scales: floats([4], [1, 1, 2, 2]) } };

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
  ['a weight that is computed', one('MatMul', ['x', 'x']), 'constant numbers as input 1, got the output of another'],
  ['a constant times the input', one('MatMul', ['matrix', 'x']), 'another operator as input 0, got constant numbers'],
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
    'constants right behind a convolution, dense or norm layer, or on an image, got [3]',
  ],
  [
    'constants that differ from pixel to pixel',
    one('Mul', ['x', 'places'], {}, { input: image, weights: { places: randomFloats([4, 4], 7) } }),
    'one constant, or one for each of 2 channels, got [4,4]',
  ],
  [
    'a sum of a global mean and a vector',
    {
      ...row(
        { type: 'GlobalAveragePool', inputs: ['x'] },
        { type: 'Flatten', inputs: ['v0'] },
        { type: 'Add', inputs: ['v0', 'v1'] },
      ),
      input: image,
    },
    'terms that all have shape [batch, 2, 1, 1], got [2]',
  ],
  ['a quotient of tensors', one('Div', ['x', 'x']), 'a quotient by constants, or by a standard deviation'],
  ['a constant by a tensor', one('Div', ['number', 'x']), 'a quotient by constants'],
  ['a bounded ReLU', one('Clip', ['x'], { min: { float: 0 }, max: { float: 6 } }, { opset: 10 }), 'from 0 to 6"'],
  [
    'a Clip from below 0',
    one('Clip', ['x', 'low'], {}, { weights: { low: floats([], [-1]) } }),
    'from -1 to Infinity"',
  ],
  ['PRelu with slopes by channel', one('PRelu', ['x', 'three']), 'PRelu with one slope, got [3]'],
  ['LayerNormalization of images', one('LayerNormalization', ['x', 'two'], {}, { input: image }), 'a vector [batch'],
  [
    'Concat along the height',
    one('Concat', ['x', 'x'], { axis: 2 }, { input: image }),
    'Concat along the channels, got "axis 2"',
  ],
  [
    'Concat of different heights',
    {
      ...row(
        { type: 'MaxPool', inputs: ['x'], attributes: { kernel_shape: [2, 2] } },
        { type: 'Concat', inputs: ['x', 'v0'], attributes: { axis: 1 } },
      ),
      input: image,
    },
    'tensors [batch, channels, 4, 4], got [2,3,3]',
  ],
  [
    'a Resize that keeps the corners',
    one('Resize', ['x', '', 'scales'], { mode: 'linear', coordinate_transformation_mode: 'align_corners' }, resized),
    'a linear Resize with pixels as squares (half_pixel), got "align_corners, round_prefer_floor (4 to 8, 4 to 8)"',
  ],
  ['a cubic Resize', one('Resize', ['x', '', 'scales'], { mode: 'cubic' }, resized), 'nearest or linear, got "cubic"'],
  [
    'a Resize of channels',
    one('Resize', ['x', '', 'more'], {}, { ...resized, weights: { more: floats([4], [1, 2, 1, 1]) } }),
    'a Resize of height and width',
  ],
  [
    'a Resize to more pixels than fit anywhere',
    one('Resize', ['x', '', 'more'], {}, { ...resized, weights: { more: floats([4], [1, 1, 1, 1e30]) } }),
    'weights in layers that add up to at most',
  ],
  [
    'nearest pixels other than ours',
    one('Resize', ['x', '', 'scales'], { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'ceil' }, resized),
    'a nearest Resize with pixels as squares',
  ],
  [
    'a Gather that turns rows around',
    one('Gather', ['x', 'back'], { axis: 2 }, { input: image, weights: { back: integers([3, 2, 1, 0]) } }),
    'a Gather of rows or columns that is a nearest resize',
  ],
  ['a Split', one('Split', ['x'], { axis: 1 }, { input: image }), 'an operator that neurostitch knows, got "Split"'],
  ['a Slice', one('Slice', ['x'], { starts: [0], ends: [1] }, { opset: 9 }), 'that neurostitch knows, got "Slice"'],
  ['LogSoftmax', one('LogSoftmax', ['x']), 'an operator that neurostitch knows, got "LogSoftmax"'],
  [
    'a mean in which the Pad counts and the overhang does not',
    {
      ...row(
        { type: 'Pad', inputs: ['x'], attributes: { pads: [0, 0, 1, 1, 0, 0, 1, 1] } },
        { type: 'AveragePool', inputs: ['v0'], attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 } },
      ),
      input: image,
      opset: 10,
    },
    'means in which all pads count, or none',
  ],
  [
    'zeros around an image of any sign before MaxPool',
    {
      ...row(
        { type: 'Pad', inputs: ['x'], attributes: { pads: [0, 0, 1, 1, 0, 0, 1, 1] } },
        { type: 'MaxPool', inputs: ['v0'], attributes: { kernel_shape: [2, 2] } },
      ),
      input: image,
      opset: 10,
    },
    'padding with values that are never the largest, got 0',
  ],
  [
    'ones around an image before MaxPool, which a ReLU does not stay above',
    {
      ...row(
        { type: 'Relu', inputs: ['x'] },
        { type: 'Pad', inputs: ['v0'], attributes: { pads: [0, 0, 1, 1, 0, 0, 1, 1], value: { float: 1 } } },
        { type: 'MaxPool', inputs: ['v1'], attributes: { kernel_shape: [2, 2] } },
      ),
      input: image,
      opset: 10,
    },
    'padding with values that are never the largest, got 1',
  ],
  [
    'ones around an image before Conv',
    {
      ...row(
        { type: 'Pad', inputs: ['x'], attributes: { pads: [0, 0, 1, 1, 0, 0, 1, 1], value: { float: 1 } } },
        { type: 'Conv', inputs: ['v0', 'kernel'] },
      ),
      input: image,
      opset: 10,
    },
    'padding with zeros, got 1',
  ],
  [
    'a sum of different shapes',
    row({ type: 'MatMul', inputs: ['x', 'narrow'] }, { type: 'Add', inputs: ['v0', 'x'] }),
    'terms that all have shape [batch, 2], got [3]',
  ],
  ['a product of tensors', one('Mul', ['x', 'x']), 'a product with constants, or one that is SiLU, x * Sigmoid(x)'],
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
  ['Elu of another alpha', one('Elu', ['x'], { alpha: { float: 0.5 } }), 'Elu with alpha 1, got 0.5'],
  [
    'the tanh form of Gelu',
    one('Gelu', ['x'], { approximate: 'tanh' }),
    'the exact Gelu (approximate "none"), got "tanh"',
  ],
  ['Softmax over samples', one('Softmax', ['x'], { axis: 0 }), 'Softmax along the last axis, got "axis 0"'],
  [
    'MaxPool with dilation',
    one('MaxPool', ['x'], { kernel_shape: [2, 2], dilations: [2, 2] }, { input: image }),
    'a pool without dilation, got [2,2]',
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
    'padding before an activation',
    {
      ...row(
        { type: 'Pad', inputs: ['x'], attributes: { pads: [0, 0, 1, 1, 0, 0, 1, 1] } },
        { type: 'Relu', inputs: ['v0'] },
      ),
      input: image,
      opset: 9,
    },
    'the output of another operator as input 0, got padding, which only a convolution or pool takes',
  ],
  [
    'reflected padding',
    one('Pad', ['x'], { mode: 'reflect', pads: [0, 0, 1, 1, 0, 0, 1, 1] }, { input: image, opset: 9 }),
    'padding with a constant, got "reflect"',
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

test('all that is in the way is named at once', () => {
  const file = onnxFile({
    input: image,
    weights: { half: { dims: [2, 2, 3, 3], dataType: 10 } },
    operators: [
      { type: 'Sign', inputs: ['x'], output: 'aside', name: 'aside' },
      { type: 'LSTM', inputs: ['x'], outputs: ['a', 'state'], name: 'first' },
      { type: 'Relu', inputs: ['a'], output: 'b', name: 'fine' },
      { type: 'Slice', inputs: ['b'], output: 'c', name: 'second' },
      { type: 'Clip', inputs: ['x'], output: 'd', name: 'third', attributes: { max: { float: 6 } } },
      { type: 'Conv', inputs: ['d', 'half'], output: 'e', name: 'fourth' },
      { type: 'Concat', inputs: ['c', 'e', 'state'], name: 'last', attributes: { axis: 1 } },
    ],
    opset: 10,
  });
  expect(errorOf(file).message).toBe(
    'Expected operators that neurostitch knows, got LSTM (at node first); Slice (at node second); ' +
      'Clip (at node third: Expected Clip from 0 without an upper bound (ReLU), got "from -Infinity to 6"); ' +
      'Expected values of float32, float64 or int64, got "float16" (at half)',
  );
});

test('what follows an operator that is in the way is not named, be the obstacle stored or computed', () => {
  const file = onnxFile({
    weights: { half: { dims: [3, 3], dataType: 10 } },
    operators: [
      { type: 'Gemm', inputs: ['x', 'half'], output: 'a' },
      { type: 'Elu', inputs: ['a'], output: 'b', attributes: { alpha: { float: 2 } } },
      { type: 'Gemm', inputs: ['b', 'half'] },
    ],
  });
  expect(errorOf(file).message).toBe('Expected values of float32, float64 or int64, got "float16" (at half)');
});

test('a norm over the rows of images is none of ours', () => {
  const mean = { type: 'ReduceMean', attributes: { axes: [2] } };
  const file = onnxFile({
    input: image,
    weights,
    operators: [
      { ...mean, inputs: ['x'], output: 'mean', name: 'mean' },
      { type: 'Sub', inputs: ['x', 'mean'], output: 'centred' },
      { type: 'Mul', inputs: ['centred', 'centred'], output: 'square' },
      { ...mean, inputs: ['square'], output: 'variance' },
      { type: 'Add', inputs: ['variance', 'number'], output: 'total' },
      { type: 'Sqrt', inputs: ['total'], output: 'deviation', name: 'root' },
      { type: 'Div', inputs: ['centred', 'deviation'] },
    ],
  });
  expect(errorOf(file).message).toBe(
    'Expected operators that neurostitch knows, got ' +
      'ReduceMean (at node mean: Expected a mean over height and width, got "axes 2"); Sqrt (at node root)',
  );
});

test.each(refused)('%s', (_, file, message) => {
  const withNarrow = { ...file, weights: { ...file.weights, narrow: randomFloats([3, 2], 6) } };
  const error = errorOf(onnxFile(withNarrow));
  expect(error.code).toBe('bad-model');
  expect(error.message).toContain(message);
  expect(error.message).toMatch(/^Expected .*, got .* \(at node \/the\/node\)$|\(stride\.0 of conv2d\) \(at node/);
  expect(error.path).toBe('/the/node');
});
