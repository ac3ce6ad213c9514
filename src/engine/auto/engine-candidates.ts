// The engines that a person can ask for by name, and what each needs to be made.
import { expected } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import { onnxEngine } from '../onnx/onnx-engine.ts';
import type { OnnxSettings } from '../onnx/session.ts';
import { tfjsEngine } from '../tfjs/tfjs-engine.ts';
import { requestAdapter } from '../tfjs/webgpu-backend.ts';
import type { EngineName } from './engine-names.ts';

export interface EngineCandidate {
  readonly name: EngineName;
  /** Throws `engine-failed` where a package or device is missing. */
  create(settings: Pick<OnnxSettings, 'threads'>): Promise<Engine>;
  /** Whether it computes on a GPU in hardware; asked only once the engine has run. */
  isAccelerated(engine: Engine): Promise<boolean>;
}

/** SwiftShader and the like say "software" by being a fallback. */
async function hasHardwareAdapter(): Promise<boolean> {
  const { info } = await requestAdapter();
  return !info.isFallbackAdapter;
}

const never = (): Promise<boolean> => Promise.resolve(false);

/** In the order in which `auto` wants them; those behind onnx-cpu it never takes. */
export const engineCandidates: readonly EngineCandidate[] = [
  {
    name: 'tfjs-tensorflow',
    create: () => tfjsEngine({ backend: 'tensorflow' }),
    isAccelerated: ({ device }) => Promise.resolve(device.includes('GPU')),
  },
  {
    name: 'onnx-cuda',
    create: (settings) => Promise.resolve(onnxEngine({ ...settings, executionProvider: 'cuda' })),
    isAccelerated: () => Promise.resolve(true),
  },
  {
    name: 'onnx-webgpu',
    create: (settings) => Promise.resolve(onnxEngine({ ...settings, executionProvider: 'webgpu' })),
    isAccelerated: hasHardwareAdapter,
  },
  { name: 'onnx-cpu', create: (settings) => Promise.resolve(onnxEngine(settings)), isAccelerated: never },
  { name: 'tfjs-webgpu', create: () => tfjsEngine({ backend: 'webgpu' }), isAccelerated: hasHardwareAdapter },
  { name: 'tfjs-cpu', create: () => tfjsEngine({ backend: 'cpu' }), isAccelerated: never },
];

/** Throws `bad-argument` for a name that is none. */
export function engineCandidate(name: string): EngineCandidate {
  const found = engineCandidates.find((candidate) => candidate.name === name);
  if (!found) {
    const names = engineCandidates.map((own) => own.name);
    throw expected('bad-argument', `an engine (${names.join(', ')})`, name, undefined, names);
  }
  return found;
}
