// Every kind of layer on every engine: forward values and all gradients agree with the float64 reference.
import { describe, expect, test } from 'vitest';
import { layerKinds } from '../../src/layers/registry.ts';
import {
  cpuEngines,
  kindTolerance,
  measureEngine,
  measureInProcess,
  webGpuEngines,
  type EngineErrors,
} from '../helpers/conformance-engines.ts';
import { coveredKinds } from '../helpers/kind-cases.ts';

function expectConformance({ kinds, step }: EngineErrors): void {
  for (const [kind, { forward, gradient }] of Object.entries(kinds)) {
    expect(forward, `${kind} forward`).toBeLessThanOrEqual(kindTolerance);
    expect(gradient, `${kind} gradient`).toBeLessThanOrEqual(kindTolerance);
  }
  expect(step, 'a step of training').toBeLessThanOrEqual(kindTolerance);
  expect(Object.keys(kinds).sort()).toEqual([...coveredKinds].sort());
}

test('every kind but the input is measured', () => {
  expect(['input', ...coveredKinds].sort()).toEqual(layerKinds.map(({ kind }) => kind).sort());
});

test.each(cpuEngines)('%s', async (name) => {
  expectConformance(await measureEngine(name, 12));
});

// Shaders are compiled anew for most cases, which a GPU in software takes long for.
describe('on WebGPU', { timeout: 300_000 }, () => {
  test.for(webGpuEngines)('%s', async (name, { skip }) => {
    const errors = await measureInProcess(name, name === 'onnx-webgpu' ? 2 : 3);
    if (errors.missing !== undefined) skip(`${name} is not tested: ${errors.missing}`);
    expectConformance(errors);
  });
});
