// The engines whose conformance is measured, and a process of its own for those that need a GPU.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { engineCandidate } from '../../src/engine/auto/engine-candidates.ts';
import type { EngineName } from '../../src/engine/auto/engine-names.ts';
import { requestAdapter } from '../../src/engine/tfjs/webgpu-backend.ts';
import { coveredKinds } from './kind-cases.ts';
import { measureKind, measureStep, type KindErrors } from './measure-kind.ts';

export const cpuEngines: readonly EngineName[] = ['onnx-cpu', 'tfjs-cpu'];
export const webGpuEngines: readonly EngineName[] = ['onnx-webgpu', 'tfjs-webgpu'];

/** Of every float32 engine against float64, for every kind: no operation has needed more. */
export const kindTolerance = 1e-5;

export interface EngineErrors {
  readonly device: string;
  /** Kind -> its largest errors; empty where the engine has no device. */
  readonly kinds: Readonly<Record<string, KindErrors>>;
  /** After a step of training, of a layer's parameters. */
  readonly step: number;
  /** Why the engine has no device here. */
  readonly missing?: string;
}

export async function measureEngine(name: EngineName, cases: number): Promise<EngineErrors> {
  const engine = await engineCandidate(name).create({});
  const kinds: Record<string, KindErrors> = {};
  for (const kind of coveredKinds) kinds[kind] = await measureKind(engine, kind, cases);
  // Batch norm has both parameters that are trained and ones that are tracked.
  return { device: engine.device, kinds, step: await measureStep(engine, 'batchNorm') };
}

/** The same for an engine on WebGPU, if there is an adapter for it. */
export async function measureWebGpuEngine(name: EngineName, cases: number): Promise<EngineErrors> {
  let adapter: GPUAdapter;
  try {
    adapter = await requestAdapter();
  } catch (error) {
    return { device: 'none', kinds: {}, step: NaN, missing: error instanceof Error ? error.message : String(error) };
  }
  return { ...(await measureEngine(name, cases)), device: adapter.info.description };
}

const entry = fileURLToPath(new URL('./measure-webgpu.ts', import.meta.url));
// Debian's chromium brings a GPU in software and the Vulkan loader for it, both found through the environment only,
// which a process reads when it starts.
const chromium = '/usr/lib/chromium';
const driver = `${chromium}/vk_swiftshader_icd.json`;

/** In a process that sees the GPU of Debian's chromium in software, where that is installed. */
export async function measureInProcess(name: EngineName, cases: number): Promise<EngineErrors> {
  const software = existsSync(driver) ? { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: chromium } : {};
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', entry, name, String(cases)], {
    env: { ...process.env, ...software },
  });
  return JSON.parse(stdout) as EngineErrors;
}
