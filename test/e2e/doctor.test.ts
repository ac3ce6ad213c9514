// neurostitch doctor as a user meets it.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { engineCandidates } from '../../src/engine/auto/engine-candidates.ts';

const root = join(import.meta.dirname, '../..');

async function doctor(...args: string[]): Promise<string> {
  const command = ['--import', 'tsx', join(root, 'cli/main.ts'), 'doctor', ...args];
  return (await promisify(execFile)(process.execPath, command, { cwd: root })).stdout;
}

test('lists every engine with what it runs on or lacks, and what auto picks', async () => {
  const { engines, auto, packages } = JSON.parse(await doctor('--json')) as {
    readonly engines: readonly { readonly name: string; readonly device?: string; readonly problem?: string }[];
    readonly auto: { readonly name: string; readonly why: string };
    readonly packages: Readonly<Record<string, string | null>>;
  };
  expect(engines.map(({ name }) => name)).toEqual(engineCandidates.map(({ name }) => name));
  for (const { device, problem } of engines)
    expect(device === undefined).toBe(problem?.startsWith('Expected ') ?? false);
  expect(engines.find(({ name }) => name === 'onnx-cpu')?.device).toContain('the CPU');
  expect(engines.find(({ name }) => name === auto.name)?.device).toBeDefined();
  expect(auto.why).not.toBe('');
  expect(packages['onnxruntime-node']).toMatch(/^1\.30\./);
});

test('says it in words, too', async () => {
  const text = await doctor();
  expect(text).toMatch(/^onnx-cpu +yes +onnxruntime on the CPU/m);
  expect(text).toMatch(/^auto picks \S+: ./m);
});
