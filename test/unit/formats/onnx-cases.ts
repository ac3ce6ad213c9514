// Small ONNX files, one for each form of each operator that the importer knows.
import { floats, integer, integers, randomFloats, type FileInput } from './onnx-file.ts';

const image = [null, 2, 5, 7];
const kernel = randomFloats([4, 2, 3, 2], 1);
const bias = randomFloats([4], 2);
const vector = [null, 3];
const matrix = randomFloats([3, 5], 3);
const five = randomFloats([5], 4);
const channel = (seed: number): object => randomFloats([2], seed);

export interface Case extends FileInput {
  readonly name: string;
  /** The kinds of the layers, after the input. */
  readonly kinds: readonly string[];
}

const conv = (name: string, attributes: NonNullable<FileInput['operators'][number]['attributes']>): Case => ({
  name: `Conv ${name}`,
  input: image,
  weights: { kernel, bias },
  operators: [{ type: 'Conv', inputs: ['x', 'kernel', 'bias'], attributes }],
  kinds: ['conv2d'],
});

const elementwise = (type: string, attributes = {}, opset = 17): Case => ({
  name: type,
  input: image,
  operators: [{ type, inputs: ['x'], attributes }],
  opset,
  kinds: ['activation'],
});

const gemm = (name: string, weight: object, added: object | undefined, attributes: object): Case => ({
  name: `Gemm ${name}`,
  input: vector,
  weights: { weight, ...(added && { added }) },
  operators: [
    { type: 'Gemm', inputs: added ? ['x', 'weight', 'added'] : ['x', 'weight'], attributes: { ...attributes } },
  ],
  kinds: ['dense'],
});

const norm = (name: string, input: (number | null)[], attributes: object): Case => ({
  name: `BatchNormalization ${name}`,
  input,
  weights: { gamma: channel(5), beta: channel(6), mean: channel(7), variance: randomFloats([2], 8, 0.2) },
  operators: [
    {
      type: 'BatchNormalization',
      inputs: ['x', 'gamma', 'beta', 'mean', 'variance'],
      attributes: { ...attributes },
    },
  ],
  kinds: ['batchNorm'],
});

const erfGelu = (name: string, scaled: object[], products: string[][]): Case => ({
  name: `GELU from Erf, ${name}`,
  input: vector,
  weights: {
    root: floats([], [Math.SQRT2]),
    inverse: floats([], [Math.SQRT1_2]),
    one: floats([], [1]),
    half: floats([], [0.5]),
  },
  operators: [
    ...(scaled as FileInput['operators']),
    { type: 'Erf', inputs: ['scaled'], output: 'erf' },
    { type: 'Add', inputs: ['erf', 'one'], output: 'cumulative' },
    { type: 'Mul', inputs: products[0]!, output: 'product' },
    { type: 'Mul', inputs: products[1]! },
  ],
  kinds: ['activation'],
});

const divided = [{ type: 'Div', inputs: ['x', 'root'], output: 'scaled' }];

/** Every operator the importer knows, in each form it takes. */
export const cases: readonly Case[] = [
  conv('plain', {}),
  conv('with asymmetric pads, stride and dilation', { pads: [2, 0, 1, 3], strides: [2, 1], dilations: [1, 2] }),
  conv('with auto_pad SAME_UPPER', { auto_pad: 'SAME_UPPER', strides: [2, 2], kernel_shape: [3, 2] }),
  conv('with auto_pad SAME_LOWER', { auto_pad: 'SAME_LOWER', strides: [1, 2] }),
  conv('with auto_pad VALID', { auto_pad: 'VALID' }),
  {
    ...conv('in groups, without bias', {}),
    weights: { kernel: randomFloats([4, 1, 3, 2], 9) },
    operators: [{ type: 'Conv', inputs: ['x', 'kernel', ''], attributes: { group: 2 } }],
  },
  {
    name: 'Conv with the bias added behind it, constant first',
    input: image,
    weights: { kernel, bias: randomFloats([1, 4, 1, 1], 10) },
    operators: [
      { type: 'Conv', inputs: ['x', 'kernel'], output: 'c' },
      { type: 'Add', inputs: ['bias', 'c'] },
    ],
    kinds: ['conv2d'],
  },
  {
    name: 'Pad before Conv, operator set 9',
    input: image,
    weights: { kernel },
    operators: [
      { type: 'Pad', inputs: ['x'], output: 'p', attributes: { pads: [0, 0, 1, 0, 0, 0, 2, 3] } },
      { type: 'Conv', inputs: ['p', 'kernel'], attributes: { pads: [0, 1, 0, 1] } },
    ],
    opset: 9,
    kinds: ['conv2d'],
  },
  {
    name: 'Pad with inputs, before Conv with auto_pad',
    input: image,
    weights: { kernel, pads: integers([0, 0, 1, 0, 0, 0, 0, 2]), zero: floats([], [0]) },
    operators: [
      { type: 'Pad', inputs: ['x', 'pads', 'zero'], output: 'p' },
      { type: 'Conv', inputs: ['p', 'kernel'], attributes: { auto_pad: 'SAME_UPPER', strides: [2, 2] } },
    ],
    kinds: ['conv2d'],
  },
  gemm('plain', matrix, five, {}),
  gemm('with transB', randomFloats([5, 3], 11), five, { transB: 1 }),
  gemm('with alpha, beta and a bias of one value', matrix, floats([1], [0.7]), {
    alpha: { float: 0.5 },
    beta: { float: -2 },
  }),
  gemm('with a bias [1, units]', matrix, randomFloats([1, 5], 12), { beta: { float: 0.3 } }),
  gemm('with beta 0', matrix, five, { beta: { float: 0 } }),
  gemm('without a third input', matrix, undefined, {}),
  {
    name: 'Gemm whose weights are transposed before',
    input: vector,
    weights: { weight: randomFloats([5, 3], 13), five },
    operators: [
      { type: 'Transpose', inputs: ['weight'], output: 't', attributes: { perm: [1, 0] } },
      { type: 'Gemm', inputs: ['x', 't', 'five'] },
    ],
    kinds: ['dense'],
  },
  {
    name: 'MatMul and Add',
    input: vector,
    weights: { matrix, five },
    operators: [
      { type: 'MatMul', inputs: ['x', 'matrix'], output: 'm' },
      { type: 'Add', inputs: ['m', 'five'] },
    ],
    kinds: ['dense'],
  },
  {
    name: 'MatMul read with and without its bias',
    input: vector,
    weights: { matrix, five },
    operators: [
      { type: 'MatMul', inputs: ['x', 'matrix'], output: 'm' },
      { type: 'Add', inputs: ['five', 'm'], output: 'b' },
      { type: 'Add', inputs: ['b', 'm'] },
    ],
    kinds: ['dense', 'dense', 'add'],
  },
  norm('of images', [null, 2, 4, 3], { epsilon: { float: 0.01 }, momentum: { float: 0.95 } }),
  norm('of vectors, usual epsilon', [null, 2], {}),
  elementwise('Relu'),
  elementwise('LeakyRelu', { alpha: { float: 0.01 } }),
  elementwise('Elu'),
  elementwise('Gelu', {}, 20),
  elementwise('Sigmoid'),
  elementwise('Tanh'),
  elementwise('Softplus'),
  {
    name: 'SiLU from Sigmoid and Mul',
    input: vector,
    operators: [
      { type: 'Sigmoid', inputs: ['x'], output: 's' },
      { type: 'Mul', inputs: ['s', 'x'] },
    ],
    kinds: ['activation'],
  },
  erfGelu('half last', divided, [
    ['x', 'cumulative'],
    ['product', 'half'],
  ]),
  erfGelu('half first', divided, [
    ['half', 'x'],
    ['cumulative', 'product'],
  ]),
  erfGelu(
    'half on the cumulative, scaled by Mul',
    [{ type: 'Mul', inputs: ['inverse', 'x'], output: 'scaled' }],
    [
      ['cumulative', 'half'],
      ['product', 'x'],
    ],
  ),
  {
    name: 'GELU of a product',
    input: vector,
    weights: { root: floats([], [Math.SQRT2]), one: floats([], [1]), half: floats([], [0.5]) },
    operators: [
      { type: 'Sigmoid', inputs: ['x'], output: 's' },
      { type: 'Mul', inputs: ['x', 's'], output: 'z' },
      { type: 'Div', inputs: ['z', 'root'], output: 'scaled' },
      { type: 'Erf', inputs: ['scaled'], output: 'erf' },
      { type: 'Add', inputs: ['one', 'erf'], output: 'cumulative' },
      { type: 'Mul', inputs: ['z', 'cumulative'], output: 'product' },
      { type: 'Mul', inputs: ['product', 'half'] },
    ],
    kinds: ['activation', 'activation'],
  },
  {
    name: 'MaxPool with pads and stride',
    input: image,
    operators: [
      { type: 'MaxPool', inputs: ['x'], attributes: { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 2, 1] } },
    ],
    kinds: ['maxPool'],
  },
  {
    name: 'MaxPool with the usual stride and auto_pad SAME_LOWER',
    input: image,
    operators: [{ type: 'MaxPool', inputs: ['x'], attributes: { kernel_shape: [2, 3], auto_pad: 'SAME_LOWER' } }],
    kinds: ['maxPool'],
  },
  {
    name: 'GlobalAveragePool, Relu, Dropout, Squeeze with axes as an attribute',
    input: image,
    operators: [
      { type: 'GlobalAveragePool', inputs: ['x'], output: 'g' },
      { type: 'Relu', inputs: ['g'], output: 'r' },
      { type: 'Dropout', inputs: ['r'], output: 'd', attributes: { ratio: { float: 0.5 } } },
      { type: 'Squeeze', inputs: ['d'], attributes: { axes: [-1, 2] } },
    ],
    opset: 11,
    kinds: ['globalAvgPool', 'activation', 'dropout'],
  },
  {
    name: 'ReduceMean with axes as an input, then Reshape copying sizes by 0',
    input: image,
    weights: { axes: integers([-1, -2]), shape: integers([0, -1]) },
    operators: [
      { type: 'ReduceMean', inputs: ['x', 'axes'], output: 'm' },
      { type: 'Reshape', inputs: ['m', 'shape'] },
    ],
    opset: 18,
    kinds: ['globalAvgPool'],
  },
  {
    name: 'ReduceMean without the axes kept',
    input: image,
    operators: [{ type: 'ReduceMean', inputs: ['x'], attributes: { axes: [2, 3], keepdims: 0 } }],
    kinds: ['globalAvgPool'],
  },
  {
    name: 'Flatten of an image, then of the vector',
    input: image,
    operators: [
      { type: 'Flatten', inputs: ['x'], output: 'f', attributes: { axis: -3 } },
      { type: 'Flatten', inputs: ['f'] },
    ],
    kinds: ['flatten'],
  },
  {
    name: 'Reshape to [-1, features], and one that changes nothing',
    input: image,
    weights: { same: integers([0, 2, -1, 7]), shape: integers([-1, 70]) },
    operators: [
      { type: 'Reshape', inputs: ['x', 'same'], output: 's' },
      { type: 'Reshape', inputs: ['s', 'shape'] },
    ],
    kinds: ['flatten'],
  },
  {
    name: 'Reshape to sizes that Shape, Slice, Gather, Mul and Concat give',
    input: image,
    weights: { zero: integer(0), one: integer(1), last: integers([2, 3]), from: integers([0]), to: integers([1]) },
    operators: [
      { type: 'Shape', inputs: ['x'], output: 'shape' },
      { type: 'Slice', inputs: ['shape', 'from', 'to'], output: 'batch' },
      { type: 'Gather', inputs: ['shape', 'one'], output: 'channels' },
      { type: 'Gather', inputs: ['shape', 'last'], output: 'sides' },
      { type: 'Gather', inputs: ['sides', 'zero'], output: 'height' },
      { type: 'Gather', inputs: ['sides', 'one'], output: 'width' },
      { type: 'Mul', inputs: ['channels', 'height'], output: 'half' },
      { type: 'Mul', inputs: ['half', 'width'], output: 'all' },
      { type: 'Cast', inputs: ['all'], output: 'cast', attributes: { to: 7 } },
      { type: 'Unsqueeze', inputs: ['cast', 'from'], output: 'features' },
      { type: 'Concat', inputs: ['batch', 'features'], output: 'sizes', attributes: { axis: 0 } },
      { type: 'Reshape', inputs: ['x', 'sizes'] },
    ],
    kinds: ['flatten'],
  },
  {
    name: 'Reshape to a fixed batch',
    input: [2, 2, 5, 7],
    weights: { shape: integers([2, -1]) },
    operators: [{ type: 'Reshape', inputs: ['x', 'shape'] }],
    kinds: ['flatten'],
  },
  {
    name: 'Softmax along axis 1, old and new',
    input: vector,
    operators: [
      { type: 'Softmax', inputs: ['x'], output: 's', attributes: { axis: 1 } },
      { type: 'Softmax', inputs: ['s'] },
    ],
    kinds: ['softmax', 'softmax'],
  },
  {
    name: 'Identity, Cast and Dropout with its inputs',
    input: vector,
    weights: { ratio: floats([], [0.3]), training: { dims: [], dataType: 9, int32Data: [0] } },
    operators: [
      { type: 'Identity', inputs: ['x'], output: 'i' },
      { type: 'Cast', inputs: ['i'], output: 'c', attributes: { to: 1 } },
      { type: 'Dropout', inputs: ['c', 'ratio', 'training'], outputs: ['d', 'mask'] },
      { type: 'Tanh', inputs: ['d'] },
    ],
    kinds: ['dropout', 'activation'],
  },
  {
    name: 'Sum of three and of one',
    input: vector,
    operators: [
      { type: 'Tanh', inputs: ['x'], output: 't' },
      { type: 'Sum', inputs: ['x', 't', 'x'], output: 's' },
      { type: 'Sum', inputs: ['s'] },
    ],
    kinds: ['activation', 'add'],
  },
  {
    name: 'a residual branch with a factor',
    input: vector,
    weights: { small: floats([], [0.2]) },
    operators: [
      { type: 'Tanh', inputs: ['x'], output: 't' },
      { type: 'Relu', inputs: ['t'], output: 'r' },
      { type: 'Mul', inputs: ['small', 'r'], output: 'scaled' },
      { type: 'Add', inputs: ['x', 'scaled'] },
    ],
    kinds: ['activation', 'activation', 'average'],
  },
  {
    name: 'weights that Constant, Reshape, Unsqueeze, Squeeze and Identity make',
    input: vector,
    weights: { shape: integers([3, -1]), front: integers([0]), flat: randomFloats([15], 14) },
    operators: [
      { type: 'Reshape', inputs: ['flat', 'shape'], output: 'w' },
      { type: 'Constant', inputs: [], output: 'b', attributes: { value: { tensor: five } } },
      { type: 'Unsqueeze', inputs: ['b', 'front'], output: 'b1' },
      { type: 'Squeeze', inputs: ['b1', 'front'], output: 'b2' },
      { type: 'Identity', inputs: ['b2'], output: 'b3' },
      { type: 'MatMul', inputs: ['x', 'w'], output: 'm' },
      { type: 'Add', inputs: ['m', 'b3'] },
    ],
    kinds: ['dense'],
  },
  {
    name: 'an operator of no known type that the output does not need',
    input: vector,
    operators: [
      { type: 'Sign', inputs: ['x'], output: 'unused' },
      { type: 'Relu', inputs: ['x'] },
    ],
    kinds: ['activation'],
  },
];
