// neurostitch import: PyTorch's files become files of ours that compute the same.
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { compareWithOriginal, readForeignModel } from '../../../cli/foreign-model.ts';
import { importCommand } from '../../../cli/import-command.ts';
import { readModelFile } from '../../../cli/model-file.ts';
import { networkHash } from '../../../src/network/hash.ts';
import { packageRoot } from '../../../src/package-root.ts';
import { printedBy } from '../../helpers/printed-by.ts';

const fixtures = join(packageRoot(), 'test/fixtures/onnx');
const folder = mkdtempSync(join(tmpdir(), 'neurostitch-import-'));
const out = join(folder, 'out.safetensors');
const lenet = join(fixtures, 'lenet.onnx');

afterEach(() => {
  rmSync(out, { force: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): Promise<string> {
  return printedBy(importCommand(), args);
}

test.each(readdirSync(fixtures).filter((name) => name.endsWith('.onnx')))(
  '%s computes what its file computes in onnxruntime',
  async (name) => {
    const { trained, original } = await readForeignModel(join(fixtures, name));
    const { relative, samples } = await compareWithOriginal(original!, trained.network);
    expect(relative).toBeLessThan(1e-5);
    expect(samples).toBeGreaterThanOrEqual(16);
  },
);

test('prints layers, totals and the difference, and writes the model', async () => {
  const text = await run(lenet, '--out', out);
  expect(text).toMatch(/^name .*\n/);
  expect(text).toMatch(/\ntotal +2,850 +46,432\n/);
  expect(text).toMatch(
    /Largest difference from the original: \S+ of the largest output, on 16 random samples\nModel: /,
  );
  const { trained } = await readForeignModel(lenet);
  expect(networkHash((await readModelFile(out)).network)).toBe(networkHash(trained.network));
});

test('a file of ours comes in with its training state, and is not compared', async () => {
  await run(lenet, '--out', out);
  const again = join(folder, 'again.safetensors');
  const { difference } = JSON.parse(await run(out, '--out', again, '--json')) as { difference: unknown };
  expect(difference).toBeNull();
  expect(readFileSync(again)).toEqual(readFileSync(out));
});

test('other weights are told apart', async () => {
  const { trained, original } = await readForeignModel(lenet);
  const nodes = trained.network.nodes.map((node) => {
    if (node.id !== 'fc3') return node;
    const bias = node.params.bias!;
    return { ...node, params: { ...node.params, bias: { ...bias, data: bias.data.map((value) => value + 0.01) } } };
  });
  const { largest } = await compareWithOriginal(original!, { nodes });
  expect(largest).toBeCloseTo(0.01, 5);
});

test.each([
  ['a name that is no model', ['x.txt', '--out', out], 'Expected a name that ends in .onnx or .safetensors'],
  ['no file', ['no.onnx', '--out', out], 'Expected a model file, got none (at no.onnx)'],
  ['a shape that is none', [lenet, '--out', out, '--input-shape', '3,x'], 'got "3,x" (at --input-shape)'],
  ['another shape', [lenet, '--out', out, '--input-shape', '3,32,32'], 'Expected an inputShape that fits'],
  ['an output that is no model', [lenet, '--out', join(folder, 'x.txt')], 'Expected a name that ends in'],
])('%s is refused, and nothing written', async (_, args, message) => {
  await expect(run(...args)).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});

test('safetensors without a graph, as other programs write them, are refused in words', async () => {
  const path = join(folder, 'pytorch.safetensors');
  copyFileSync(join(fixtures, 'lenet.safetensors'), path);
  await expect(run(path, '--out', out)).rejects.toMatchObject({ name: 'NeurostitchError', code: 'bad-model' });
});
