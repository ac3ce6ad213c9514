// WebGPU in Node for TensorFlow.js: Dawn, by the npm package webgpu.
import { NeurostitchError } from '../../errors.ts';
import type { Tfjs } from './tfjs.ts';

const packageHint = 'npm install webgpu @tensorflow/tfjs-backend-webgpu';
const driverHint = "libvulkan.so.1 and a GPU's Vulkan driver, or the software one in Debian's chromium";

/** Must live as long as its devices. */
let dawn: GPU | undefined;

/** Registers the backend and says what it runs on; throws `engine-failed` without its packages or an adapter. */
export async function loadWebGpuBackend(tf: Tfjs): Promise<string> {
  const adapter = await requestAdapter();
  // The backend looks for WebGPU where browsers have it, and does so while it is loaded.
  const { navigator = {} } = globalThis as { navigator?: object };
  Object.defineProperty(navigator, 'gpu', { value: dawn, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  await withHint(() => import('@tensorflow/tfjs-backend-webgpu'));
  if (!(await tf.setBackend('webgpu'))) {
    throw new NeurostitchError('engine-failed', 'Expected a WebGPU device that TensorFlow.js can use, got none');
  }
  return `WebGPU, ${adapter.info.description || adapter.info.vendor}`;
}

/** What WebGPU runs on; throws `engine-failed` without the package webgpu or an adapter. */
export async function requestAdapter(): Promise<GPUAdapter> {
  const { create, globals } = await withHint(() => import('webgpu'));
  Object.assign(globalThis, globals);
  dawn ??= create([]);
  const adapter = await dawn.requestAdapter();
  if (!adapter) throw new NeurostitchError('engine-failed', `Expected a WebGPU adapter (${driverHint}), got none`);
  return adapter;
}

async function withHint<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const message = `Expected the packages of the tfjs backend webgpu (${packageHint}), got: ${String(cause)}`;
    throw new NeurostitchError('engine-failed', message, { cause });
  }
}
