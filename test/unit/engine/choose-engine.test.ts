// Which engine "auto" picks, and that looking for engines survives those that crash or hang.
import { expect, test } from 'vitest';
import { bestEngine, chooseEngine } from '../../../src/engine/auto/choose-engine.ts';
import type { EngineName } from '../../../src/engine/auto/engine-names.ts';
import { findEngines } from '../../../src/engine/auto/find-engines.ts';
import type { EngineFinding } from '../../../src/engine/auto/probe-engine.ts';

const found = (name: EngineName, accelerated: boolean): EngineFinding => ({ name, device: `the ${name}`, accelerated });

test('auto takes the first engine on a GPU in hardware', () => {
  const gpus = [found('onnx-webgpu', true), found('onnx-cuda', true), found('tfjs-tensorflow', true)];
  expect(bestEngine(gpus).name).toBe('tfjs-tensorflow');
  expect(bestEngine(gpus.slice(0, 2))).toEqual({
    name: 'onnx-cuda',
    why: 'the first that runs on a GPU: the onnx-cuda',
  });
  expect(bestEngine(gpus.slice(0, 1)).name).toBe('onnx-webgpu');
});

test('auto takes onnxruntime on the CPU where GPUs are in software or in engines it does not want', () => {
  const choice = bestEngine([found('onnx-webgpu', false), found('tfjs-webgpu', true), found('tfjs-tensorflow', false)]);
  expect(choice.name).toBe('onnx-cpu');
  expect(choice.why).toContain('onnx-webgpu runs without a GPU');
  expect(choice.why).toContain('onnx-cuda does not run');
});

test('an engine that ends its process is a finding, and those behind it are still tried', async () => {
  const [crashed, works] = await findEngines(['no such engine' as EngineName, 'onnx-cpu']);
  expect(crashed).toMatchObject({ device: undefined, accelerated: false });
  expect(crashed!.problem).toContain('a crash (exit code 1)');
  expect(works).toMatchObject({ name: 'onnx-cpu', device: 'onnxruntime on the CPU, 1 thread(s)', accelerated: false });
});

test('an engine that does not answer is a finding', async () => {
  const [finding] = await findEngines(['onnx-cpu'], 1);
  expect(finding!.problem).toBe('Expected an answer, got none within 0.001 s');
});

test('an engine is made by its name', async () => {
  const { engine, choice } = await chooseEngine('onnx-cpu', { threads: 2 });
  expect(engine.device).toContain('2 thread(s)');
  expect(choice.why).toBe('it was asked for');
  await expect(chooseEngine('gpu' as EngineName)).rejects.toMatchObject({ code: 'bad-argument' });
});
