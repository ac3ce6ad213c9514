// Small ONNX files with arithmetic on constants: factors and shifts, norms written out, and bent activations.
import type { Case } from './onnx-cases.ts';
import { floats, integers, randomFloats, type OperatorInput } from './onnx-file.ts';

const image = [null, 2, 5, 7];
const vector = [null, 3];
const weights = {
  kernel: randomFloats([4, 2, 3, 2], 1),
  bias: randomFloats([4], 2),
  matrix: randomFloats([3, 4], 3),
  four: randomFloats([4], 4),
  fourPixels: randomFloats([4, 1, 1], 5, 0.2),
  pixels: randomFloats([1, 2, 1, 1], 6, 0.2),
  three: randomFloats([3], 7, 0.2),
  shifts: randomFloats([3], 8),
  number: floats([], [0.3]),
  learned: floats([1], [-0.7]),
  two: floats([], [2]),
  epsilon: floats([], [1e-3]),
  features: integers([-1]),
};

const conv: OperatorInput = { type: 'Conv', inputs: ['x', 'kernel', 'bias'], output: 'c' };
const gemm: OperatorInput = { type: 'Gemm', inputs: ['x', 'matrix'], output: 'c' };

const onImages = (name: string, operators: OperatorInput[], kinds: string[]): Case => ({
  name,
  input: image,
  weights,
  operators,
  kinds,
});
const onVectors = (name: string, operators: OperatorInput[], kinds: string[]): Case => ({
  ...onImages(name, operators, kinds),
  input: vector,
});

/** (x - mean) / sqrt(mean of squares + epsilon), the squares by Pow or Mul. */
const layerNorm = (input: string, square: OperatorInput, axes: number[]): OperatorInput[] => [
  { type: 'ReduceMean', inputs: [input], output: 'mean', attributes: { axes } },
  { type: 'Sub', inputs: [input, 'mean'], output: 'centred' },
  { ...square, output: 'square' },
  { type: 'ReduceMean', inputs: ['square'], output: 'variance', attributes: { axes } },
  { type: 'Add', inputs: ['variance', 'epsilon'], output: 'total' },
  { type: 'Sqrt', inputs: ['total'], output: 'deviation' },
  { type: 'Div', inputs: ['centred', 'deviation'], output: 'normal' },
];

export const arithmeticCases: readonly Case[] = [
  onImages(
    'a shift, a factor and a quotient for each channel fold into Conv',
    [
      conv,
      { type: 'Add', inputs: ['c', 'fourPixels'], output: 'a' },
      { type: 'Mul', inputs: ['fourPixels', 'a'], output: 'b' },
      { type: 'Sub', inputs: ['b', 'fourPixels'], output: 'd' },
      { type: 'Div', inputs: ['d', 'fourPixels'] },
    ],
    ['conv2d'],
  ),
  onVectors(
    'a factor and constants minus the product fold into Gemm',
    [gemm, { type: 'Mul', inputs: ['c', 'fourRow'], output: 'a' }, { type: 'Sub', inputs: ['four', 'a'] }],
    ['dense'],
  ),
  onVectors('one constant minus Gemm', [gemm, { type: 'Sub', inputs: ['number', 'c'] }], ['dense']),
  onImages(
    'pixels are normalised by a convolution of each channel alone',
    [
      { type: 'Sub', inputs: ['x', 'pixels'], output: 'a' },
      { type: 'Div', inputs: ['a', 'pixels'] },
    ],
    ['conv2d'],
  ),
  onImages('one number is added to all pixels', [{ type: 'Add', inputs: ['number', 'x'] }], ['conv2d']),
  onVectors(
    'numbers written in code fold into Gemm, a learned one does not',
    [
      gemm,
      { type: 'Div', inputs: ['c', 'number'], output: 'a' },
      { type: 'Sub', inputs: ['number', 'a'], output: 'b' },
      { type: 'Mul', inputs: ['learned', 'b'] },
    ],
    ['dense', 'scale'],
  ),
  onVectors('a number times a tensor', [{ type: 'Mul', inputs: ['number', 'x'] }], ['scale']),
  onVectors('a tensor by a number', [{ type: 'Div', inputs: ['x', 'number'] }], ['scale']),
  onVectors(
    'a sum of a tensor and one with a learned factor',
    [
      { type: 'Mul', inputs: ['x', 'learned'], output: 'a' },
      { type: 'Add', inputs: ['a', 'x'] },
    ],
    ['scale', 'add'],
  ),
  onVectors(
    'a difference, and one with a factor written in code and one that was learned',
    [
      { type: 'Tanh', inputs: ['x'], output: 'a' },
      { type: 'Sub', inputs: ['x', 'a'], output: 'b' },
      { type: 'Mul', inputs: ['a', 'number'], output: 'd' },
      { type: 'Sub', inputs: ['b', 'd'], output: 'e' },
      { type: 'Mul', inputs: ['a', 'learned'], output: 'f' },
      { type: 'Sub', inputs: ['f', 'e'] },
    ],
    ['activation', 'average', 'average', 'scale', 'average'],
  ),
  onVectors(
    'l * x + a * phi(x)',
    [
      { type: 'Tanh', inputs: ['x'], output: 't' },
      { type: 'Mul', inputs: ['t', 'learned'], output: 'a' },
      { type: 'Mul', inputs: ['x', 'number'], output: 'b' },
      { type: 'Add', inputs: ['a', 'b'] },
    ],
    ['actiSwitch'],
  ),
  onVectors(
    'LayerNorm written with Pow, gamma and beta',
    [
      ...layerNorm('x', { type: 'Pow', inputs: ['centred', 'two'] }, [-1]),
      { type: 'Mul', inputs: ['normal', 'three'], output: 'scaled' },
      { type: 'Add', inputs: ['scaled', 'shifts'] },
    ],
    ['layerNorm'],
  ),
  onImages(
    'LayerNorm of the channels of images, written with Mul, without gamma and beta',
    [conv, ...layerNorm('c', { type: 'Mul', inputs: ['centred', 'centred'] }, [1])],
    ['conv2d', 'layerNorm'],
  ),
  {
    name: 'LayerNormalization without beta',
    input: vector,
    weights,
    operators: [{ type: 'LayerNormalization', inputs: ['x', 'three'], attributes: { epsilon: { float: 0.01 } } }],
    kinds: ['layerNorm'],
  },
  onImages(
    'batch norm written out, with a variance of its own for one channel',
    [
      { type: 'Sub', inputs: ['x', 'pixels'], output: 'centred' },
      { type: 'Add', inputs: ['epsilon', 'pixels'], output: 'total' },
      { type: 'Sqrt', inputs: ['total'], output: 'deviation' },
      { type: 'Div', inputs: ['centred', 'deviation'], output: 'normal' },
      { type: 'Mul', inputs: ['normal', 'pixels'], output: 'scaled' },
      { type: 'Add', inputs: ['scaled', 'pixels'] },
    ],
    ['batchNorm'],
  ),
  onVectors('LeakyRelu of another slope', [leaky(0.2)], ['actiSwitch']),
  onVectors('PRelu', [{ type: 'PRelu', inputs: ['x', 'learned'] }], ['actiSwitch']),
  {
    ...onVectors('Clip from 0, bounds as inputs', [{ type: 'Clip', inputs: ['x', 'zero'] }], ['activation']),
    weights: { zero: floats([], [0]) },
  },
  {
    ...onVectors('Clip from 0, bounds as attributes', [], ['activation']),
    operators: [{ type: 'Clip', inputs: ['x'], attributes: { min: { float: 0 }, max: { float: 3.4028235e38 } } }],
    opset: 10,
  },
  onVectors(
    'Gemm with a tensor added',
    [gemm, { type: 'Gemm', inputs: ['x', 'matrix', 'c'] }],
    ['dense', 'dense', 'add'],
  ),
  onVectors(
    'Gemm with half a tensor added',
    [gemm, { type: 'Gemm', inputs: ['x', 'matrix', 'c'], attributes: { beta: { float: 0.5 } } }],
    ['dense', 'dense', 'average'],
  ),
].map((one) => ({ ...one, weights: { ...one.weights, fourRow: randomFloats([1, 4], 9) } }));

function leaky(alpha: number): OperatorInput {
  return { type: 'LeakyRelu', inputs: ['x'], attributes: { alpha: { float: alpha } } };
}
