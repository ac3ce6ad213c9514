// Every ONNX operator the importer knows, in each form it takes: the network computes what onnxruntime computes.
import { describe, expect, test } from 'vitest';
import { importOnnx, type ImportedNetwork } from '../../../src/formats/onnx/import-onnx.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { layersOf } from '../../../src/network/shapes.ts';
import { expectClose } from '../../helpers/compare.ts';
import { randomInput } from '../../helpers/random-network.ts';
import { arithmeticCases } from './onnx-arithmetic-cases.ts';
import { cases } from './onnx-cases.ts';
import { bytesOf, floats, onnxFile, runFile, valueInfo } from './onnx-file.ts';
import { imageCases } from './onnx-image-cases.ts';

/** Compares the file on onnxruntime with the imported network on the reference. */
async function importAndCompare(file: Uint8Array): Promise<ImportedNetwork> {
  const imported = importOnnx(file);
  const { network } = imported;
  const data = randomInput(network, 2, 21);
  const shape = layersOf(network).get('input')!.output;
  const program = await referenceEngine.compile([network]);
  const [output] = await program.forward({ size: 2, data });
  expectClose(output!, await runFile(file, [2, ...shape], data), 1e-5, 'output');
  return imported;
}

describe('imported operators compute what onnxruntime computes', () => {
  test.each([...cases, ...imageCases, ...arithmeticCases])('$name', async ({ kinds, ...input }) => {
    const { network } = await importAndCompare(onnxFile(input));
    expect(network.nodes.slice(1).map((node) => node.kind)).toEqual(kinds);
  });
});

test('rounded weights are noted, and Dropout keeps its ratio', () => {
  const weight = { dims: [3, 1], dataType: 11, rawData: bytesOf(Float64Array.of(0.1, 0.2, 0.3)) };
  const operators = [
    { type: 'MatMul', inputs: ['x', 'weight'], output: 'm' },
    { type: 'Dropout', inputs: ['m', 'ratio'] },
  ];
  const { network, notes } = importOnnx(onnxFile({ weights: { weight, ratio: floats([], [0.3]) }, operators }));
  expect(notes).toEqual(['Weights were rounded from float64 to float32']);
  const [, dense, dropout] = network.nodes;
  expect(dense!.params.weight!.data).toEqual(Float32Array.of(0.1, 0.2, 0.3));
  expect(dropout!.attributes).toEqual({ rate: 0.3 });
});

test('LayerNormalization without gamma, as PyTorch writes it against the specification, has one of ones', () => {
  const file = onnxFile({ operators: [{ type: 'LayerNormalization', inputs: ['x', '', ''] }] });
  const { gamma, beta } = importOnnx(file).network.nodes.at(-1)!.params;
  expect([gamma!.data, beta!.data]).toEqual([Float32Array.of(1, 1, 1), Float32Array.of(0, 0, 0)]);
});

test('values in lists are read like raw ones, and weights may be listed among the inputs', async () => {
  const weight = { dims: [3, 2], dataType: 1, floatData: [1, 2, 3, 4, 5, 6] };
  const file = onnxFile({
    weights: { weight },
    operators: [{ type: 'MatMul', inputs: ['x', 'weight'] }],
    graph: { input: [valueInfo('weight', [3, 2]), valueInfo('x', [null, 3])] },
  });
  const { network } = await importAndCompare(file);
  expect(network.nodes.at(-1)!.params.weight!.data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
});

test('numbers are taken as they were written, before they became float32', () => {
  const scaled = cases.find(({ name }) => name === 'a residual branch with a factor')!;
  expect(importOnnx(onnxFile(scaled)).network.nodes.at(-1)!.attributes).toEqual({ weights: [1, 0.2] });
});

test('an open input shape is given as an option', () => {
  const file = onnxFile({ input: [null, 3, null, null], operators: [{ type: 'GlobalAveragePool', inputs: ['x'] }] });
  expect(() => importOnnx(file)).toThrow(
    'Expected an input of known shape, or the option inputShape, got "[?, 3, ?, ?]"',
  );
  expect(layersOf(importOnnx(file, { inputShape: [3, 4, 5] }).network).get('input')!.output).toEqual([3, 4, 5]);
  expect(() => importOnnx(file, { inputShape: [2, 4, 5] })).toThrow('Expected an inputShape that fits [?, 3, ?, ?]');
});

test('ids are the module paths of the file, where they are readable', () => {
  const names = [
    '/block/block.1/act/Relu',
    '/block/block.1/act/Relu_1',
    'Relu_3',
    'a b',
    `/${'long'.repeat(9)}/last/Relu`,
  ];
  const operators = names.map((name, index) => ({
    type: 'Relu',
    name,
    inputs: [index === 0 ? 'x' : `v${index - 1}`],
    output: `v${index}`,
  }));
  const { network } = importOnnx(onnxFile({ operators }));
  expect(network.nodes.map((node) => node.id)).toEqual([
    'input',
    'block.1.act',
    'block.1.act.activation',
    'activation',
    'activation_2',
    'last',
  ]);
});
