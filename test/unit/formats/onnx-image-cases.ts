// Small ONNX files with operators on images: pools with their pads, Pad as exporters write it, Resize, Concat.
import type { Case } from './onnx-cases.ts';
import { floats, integer, integers, randomFloats, type FileInput, type OperatorInput } from './onnx-file.ts';

const image = [null, 2, 5, 7];

const average = (name: string, attributes: OperatorInput['attributes'], more: Partial<FileInput> = {}): Case => ({
  name: `AveragePool ${name}`,
  input: image,
  operators: [{ type: 'AveragePool', inputs: ['x'], attributes: { ...attributes } }],
  kinds: ['avgPool'],
  ...more,
});

/** A Pad with zeros at the top, left, bottom and right, then the operator. */
const padded = (pads: number[], operator: OperatorInput): Partial<FileInput> => ({
  weights: { pads: integers([0, 0, pads[0]!, pads[1]!, 0, 0, pads[2]!, pads[3]!]), zero: floats([], [0]) },
  operators: [
    { type: 'Pad', inputs: ['x', 'pads', 'zero'], output: 'p' },
    { ...operator, inputs: ['p'] },
  ],
});

const resize = (name: string, attributes: OperatorInput['attributes'], more: Partial<FileInput>): Case => ({
  name: `Resize ${name}`,
  input: image,
  weights: { scales: floats([4], [1, 1, 2, 3]), sizes: integers([11, 4]) },
  operators: [{ type: 'Resize', inputs: ['x', '', 'scales'], attributes: { ...attributes } }],
  kinds: ['resize'],
  ...more,
});

const pooled: OperatorInput[] = [
  { type: 'GlobalAveragePool', inputs: ['x'], output: 'g' },
  { type: 'AveragePool', inputs: ['x'], output: 'a', attributes: { kernel_shape: [5, 7] } },
];

export const imageCases: readonly Case[] = [
  average('with pads that do not count', { kernel_shape: [3, 2], pads: [1, 0, 2, 1], strides: [2, 1] }),
  average('with pads that count', { kernel_shape: [3, 2], pads: [1, 0, 2, 1], count_include_pad: 1 }),
  average('with auto_pad', { kernel_shape: [3, 3], auto_pad: 'SAME_UPPER', strides: [2, 2] }),
  average('rounding up', { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }),
  average('rounding up past pads that do not count', {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [0, 1, 0, 1],
    ceil_mode: 1,
  }),
  average('behind a Pad', {}, padded([1, 0, 1, 2], { type: 'AveragePool', inputs: [], attributes: sized([3, 3]) })),
  average(
    'behind a Pad that no window reaches, rounding up',
    {},
    padded([0, 0, 0, 1], {
      type: 'AveragePool',
      inputs: [],
      attributes: { ...sized([2, 2]), strides: [2, 7], ceil_mode: 1 },
    }),
  ),
  {
    name: 'MaxPool rounding up',
    input: image,
    operators: [{ type: 'MaxPool', inputs: ['x'], attributes: { ...sized([3, 2]), strides: [3, 2], ceil_mode: 1 } }],
    kinds: ['maxPool'],
  },
  {
    name: 'MaxPool rounding up, whose last window would start behind the image',
    input: image,
    operators: [
      {
        type: 'MaxPool',
        inputs: ['x'],
        attributes: { ...sized([2, 2]), strides: [3, 3], pads: [0, 1, 1, 1], ceil_mode: 1 },
      },
    ],
    kinds: ['maxPool'],
  },
  {
    name: 'MaxPool behind a Pad with zeros that a Relu cannot fall below',
    input: image,
    weights: { pads: integers([0, 0, 1, 1, 0, 0, 1, 0]) },
    operators: [
      { type: 'Relu', inputs: ['x'], output: 'r' },
      { type: 'Pad', inputs: ['r', 'pads'], output: 'p' },
      { type: 'MaxPool', inputs: ['p'], attributes: sized([2, 2]) },
    ],
    kinds: ['activation', 'maxPool'],
  },
  {
    name: 'MaxPool behind a Pad with minus infinity',
    input: image,
    weights: { pads: integers([0, 0, 1, 1, 0, 0, 1, 0]), least: floats([], [-Infinity]) },
    operators: [
      { type: 'Pad', inputs: ['x', 'pads', 'least'], output: 'p' },
      { type: 'MaxPool', inputs: ['p'], attributes: sized([2, 2]) },
    ],
    kinds: ['maxPool'],
  },
  {
    name: 'Pad as PyTorch works it out: ConstantOfShape, Concat, Reshape, Slice backwards, Transpose, Cast',
    input: image,
    weights: {
      kernel: randomFloats([4, 2, 3, 2], 1),
      own: integers([1, 2, 0, 1]),
      four: integers([4]),
      pairs: integers([-1, 2]),
      zero: integers([0]),
      last: integers([-1]),
      before: integers([-Number.MAX_SAFE_INTEGER]),
    },
    operators: [
      { type: 'ConstantOfShape', inputs: ['four'], output: 'zeros', attributes: { value: { tensor: integers([0]) } } },
      { type: 'Concat', inputs: ['own', 'zeros'], output: 'all', attributes: { axis: 0 } },
      { type: 'Reshape', inputs: ['all', 'pairs'], output: 'table' },
      { type: 'Slice', inputs: ['table', 'last', 'before', 'zero', 'last'], output: 'turned' },
      { type: 'Transpose', inputs: ['turned'], output: 'columns', attributes: { perm: [1, 0] } },
      { type: 'Reshape', inputs: ['columns', 'last'], output: 'list' },
      { type: 'Cast', inputs: ['list'], output: 'pads', attributes: { to: 7 } },
      { type: 'Pad', inputs: ['x', 'pads'], output: 'p' },
      { type: 'Conv', inputs: ['p', 'kernel'] },
    ],
    kinds: ['conv2d'],
  },
  resize(
    'nearest by whole scales, as PyTorch writes it',
    {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    },
    {},
  ),
  resize('nearest, its usual settings', {}, {}),
  resize(
    'linear to sizes along two axes',
    { mode: 'linear', axes: [2, -1] },
    {
      operators: [{ type: 'Resize', inputs: ['x', '', '', 'sizes'], attributes: { mode: 'linear', axes: [2, -1] } }],
      opset: 18,
    },
  ),
  resize(
    'linear to one pixel, as PyTorch counts',
    {},
    {
      weights: { sizes: integers([2, 2, 4, 14]) },
      input: [2, 2, 5, 7],
      operators: [
        {
          type: 'Resize',
          inputs: ['x', '', '', 'sizes'],
          attributes: { mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' },
        },
      ],
    },
  ),
  resize(
    'of operator set 10',
    {},
    {
      operators: [{ type: 'Resize', inputs: ['x', 'scales'], attributes: { mode: 'nearest' } }],
      opset: 10,
    },
  ),
  resize(
    'to a list of sizes from Shape and Slice',
    {},
    {
      weights: { from: integers([0]), to: integers([2]), sizes: integers([10, 21]), one: integer(1) },
      operators: [
        { type: 'Shape', inputs: ['x'], output: 'shape' },
        { type: 'Slice', inputs: ['shape', 'from', 'to', 'from'], output: 'kept' },
        { type: 'Div', inputs: ['sizes', 'one'], output: 'same' },
        { type: 'Concat', inputs: ['kept', 'same'], output: 'all', attributes: { axis: 0 } },
        { type: 'Resize', inputs: ['x', '', '', 'all'], attributes: { mode: 'linear' } },
      ],
    },
  ),
  {
    name: 'Upsample',
    input: image,
    weights: { scales: floats([4], [1, 1, 2, 3]) },
    operators: [{ type: 'Upsample', inputs: ['x', 'scales'] }],
    opset: 9,
    kinds: ['resize'],
  },
  {
    name: 'Concat of images, one of them twice',
    input: image,
    operators: [
      { type: 'Relu', inputs: ['x'], output: 'r' },
      { type: 'Concat', inputs: ['x', 'r', 'x'], attributes: { axis: -3 } },
    ],
    kinds: ['activation', 'concat'],
  },
  {
    name: 'Concat of one',
    input: image,
    operators: [
      { type: 'Concat', inputs: ['x'], output: 'c', attributes: { axis: 1 } },
      { type: 'Relu', inputs: ['c'] },
    ],
    kinds: ['activation'],
  },
  {
    name: 'Concat of a global mean and an image of one pixel, Flatten',
    input: image,
    operators: [
      ...pooled,
      { type: 'Concat', inputs: ['g', 'a'], output: 'c', attributes: { axis: 1 } },
      { type: 'Flatten', inputs: ['c'] },
    ],
    kinds: ['globalAvgPool', 'avgPool', 'flatten', 'concat'],
  },
  {
    name: 'Conv of one pixel, batch norm and Unsqueeze behind a global mean',
    input: image,
    weights: {
      kernel: randomFloats([4, 2, 1, 1], 1),
      bias: randomFloats([4], 2),
      four: randomFloats([4], 3, 0.2),
      axes: integers([2, 3]),
    },
    operators: [
      { type: 'GlobalAveragePool', inputs: ['x'], output: 'g' },
      { type: 'Conv', inputs: ['g', 'kernel', 'bias'], output: 'c' },
      { type: 'BatchNormalization', inputs: ['c', 'four', 'four', 'four', 'four'], output: 'b' },
      { type: 'Squeeze', inputs: ['b', 'axes'], output: 's' },
      { type: 'Unsqueeze', inputs: ['s', 'axes'], output: 'u' },
      { type: 'Flatten', inputs: ['u'] },
    ],
    kinds: ['globalAvgPool', 'dense', 'batchNorm'],
  },
];

function sized(kernel: number[]): { kernel_shape: number[] } {
  return { kernel_shape: kernel };
}
