// Files that PyTorch's exporter wrote (scripts/make-onnx-fixtures.py) compute what PyTorch computed.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { importOnnx } from '../../../src/formats/onnx/import-onnx.ts';
import { readTensors } from '../../../src/formats/safetensors/read-tensors.ts';
import { outputShape } from '../../../src/network/shapes.ts';
import { validate } from '../../../src/network/validate.ts';
import { expectClose } from '../../helpers/compare.ts';

const folder = fileURLToPath(new URL('../../fixtures/onnx/', import.meta.url));

interface Fixture {
  readonly name: string;
  readonly notes?: readonly string[];
  readonly ids: readonly string[];
}

const fixtures: readonly Fixture[] = [
  { name: 'lenet', ids: ['conv1', 'conv2', 'flatten', 'fc3'] },
  { name: 'vgg-batch-norm', ids: ['features.0', 'features.1', 'classifier.4'] },
  {
    name: 'vgg-folded',
    ids: ['features.0', 'classifier.4'],
    notes: ['The file takes batches of 3; the network takes any'],
  },
  { name: 'resnet', ids: ['stem.0', 'layer1.1.shortcut.0', 'layer1.1.add', 'pool', 'fc'] },
  { name: 'mobile', ids: ['depthwise', 'norm', 'grouped', 'softmax'] },
  { name: 'mlp', ids: ['widths.0', 'norm', 'dense'] },
  { name: 'inception', ids: ['stem', 'inception2.five.2'] },
  { name: 'up-down', ids: ['down.1', 'down.2', 'pool', 'middle.1', 'mean', 'up', 'head'] },
  { name: 'up-down-9', ids: ['stem.1', 'stem.2', 'pool', 'mean', 'head'] },
  { name: 'normed-mlp-9', ids: ['first', 'norm', 'second', 'last_norm', 'last'] },
  { name: 'normed-mlp-17', ids: ['first', 'norm', 'second', 'last_norm', 'last'] },
];

describe.each(fixtures)('$name', ({ name, ids, notes = [] }) => {
  test('computes what PyTorch computes', async () => {
    const file = await readFile(`${folder}${name}.onnx`);
    const values = readTensors(await readFile(`${folder}${name}.safetensors`));
    const { shape, data } = values.get('input')!;
    const wanted = values.get('output')!;

    const imported = importOnnx(file);
    validate(imported.network);
    expect(imported.notes).toEqual(notes);
    expect(imported.network.nodes.map((node) => node.id)).toEqual(expect.arrayContaining([...ids]));
    expect(outputShape(imported.network)).toEqual(wanted.shape.slice(1));
    for (const engine of [referenceEngine, onnxEngine()]) {
      const program = await engine.compile([imported.network]);
      const [output] = await program.forward({ size: shape[0]!, data });
      expectClose(output!, wanted.data, 1e-5, engine.name);
      await program.dispose();
    }
  });
});

test("PyTorch's settings of batch norm come through as they were written", async () => {
  const attributes = async (name: string, id: string): Promise<unknown> =>
    importOnnx(await readFile(`${folder}${name}.onnx`)).network.nodes.find((node) => node.id === id)!.attributes;
  expect(await attributes('vgg-batch-norm', 'features.1')).toEqual({ epsilon: 1e-2, momentum: 0.1 });
  expect(await attributes('mobile', 'norm')).toEqual({ epsilon: 1e-5, momentum: 0.05 });
});
