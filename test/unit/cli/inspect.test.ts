// neurostitch inspect, called in this process.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inspectCommand } from '../../../cli/inspect-command.ts';
import { exportOnnx } from '../../../src/formats/onnx/export-onnx.ts';
import { saveSafetensors } from '../../../src/formats/safetensors.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';
import { printedBy } from '../../helpers/printed-by.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-inspect-'));
const model = join(folder, 'model.onnx');
const net = new NetworkBuilder([5], RandomStream.fromSeed(1));
net.layer('dense', { units: 3 });
const network = net.build();
writeFileSync(model, exportOnnx(network));
writeFileSync(join(folder, 'model.safetensors'), saveSafetensors({ network, state: freshTrainingState }));
writeFileSync(join(folder, 'other.onnx'), 'not a model');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function inspect(...args: string[]): Promise<string> {
  return printedBy(inspectCommand(), args);
}

test('prints a table, or as JSON the totals and the layers', async () => {
  expect(await inspect(model)).toMatch(/^name .*\n.*\n.* 3 +18 +15\ntotal +18 +15\n$/);
  const { macs, params, layers } = JSON.parse(await inspect(model, '--json')) as Record<string, unknown>;
  expect({ macs, params }).toEqual({ macs: 15, params: 18 });
  expect(layers).toMatchObject([
    { kind: 'input', shape: [5] },
    { kind: 'dense', shape: [3], params: 18 },
  ]);
});

test('reads safetensors, too', async () => {
  const table = await inspect(model);
  expect(await inspect(join(folder, 'model.safetensors'))).toBe(table);
});

test.each([
  [[join(folder, 'model.txt')], 'bad-argument', 'Expected a name that ends in .onnx or .safetensors, got "'],
  [['nowhere.onnx'], 'not-found', 'Expected a model file, got none (at nowhere.onnx)'],
  [[join(folder, 'other.onnx')], 'bad-model', `(in ${join(folder, 'other.onnx')})`],
  [[model, 'abc'], 'bad-argument', 'Expected a run folder before an id'],
  [[folder], 'not-found', 'Expected a run folder'],
])('refuses %j', async (args, code, message) => {
  const attempt = inspect(...args);
  await expect(attempt).rejects.toMatchObject({ code });
  await expect(attempt).rejects.toThrow(message);
});
