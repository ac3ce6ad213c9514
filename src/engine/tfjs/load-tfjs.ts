// Loads TensorFlow.js with one of its backends, and nothing of it before it is asked for.
import { expected, NeurostitchError, Words } from '../../errors.ts';
import { loadNodeBackend } from './node-backend.ts';
import type { TensorContainer, Tfjs } from './tfjs.ts';
import { loadWebGpuBackend } from './webgpu-backend.ts';

/** Best first. */
export const tfjsBackends = ['tensorflow', 'webgpu', 'cpu'] as const;
export type TfjsBackend = (typeof tfjsBackends)[number];

export interface TfjsRuntime {
  readonly tf: Tfjs;
  readonly backend: TfjsBackend;
  /** Where and how it computes, for people. */
  readonly device: string;
  /** Runs `work` on the backend and frees all tensors it made but those that it returns. */
  compute<T>(work: () => T): T;
}

/** Registers a backend and says what it runs on. */
type Loader = (tf: Tfjs) => Promise<string>;

const loaders: Readonly<Record<TfjsBackend, Loader>> = {
  tensorflow: loadNodeBackend,
  webgpu: loadWebGpuBackend,
  async cpu() {
    await import('@tensorflow/tfjs-backend-cpu');
    return 'the CPU in plain JavaScript';
  },
};

const loaded = new Map<TfjsBackend, Promise<TfjsRuntime>>();

/**
 * A backend by its name, or the first that is there.
 *
 * Throws `bad-argument` for another name, `engine-failed` where its package or device is missing, saying what to install.
 */
export async function loadTfjs(backend?: TfjsBackend): Promise<TfjsRuntime> {
  if (backend) {
    if (!tfjsBackends.includes(backend)) {
      throw expected('bad-argument', `one of the tfjs backends ${tfjsBackends.join(', ')}`, backend);
    }
    let runtime = loaded.get(backend);
    if (!runtime) {
      runtime = load(backend);
      loaded.set(backend, runtime);
    }
    return runtime;
  }
  for (const candidate of tfjsBackends) {
    try {
      return await loadTfjs(candidate);
    } catch (error) {
      if (!(error instanceof NeurostitchError)) throw error;
    }
  }
  throw expected('engine-failed', `one of the tfjs backends ${tfjsBackends.join(', ')}`, new Words('none'));
}

async function load(backend: TfjsBackend): Promise<TfjsRuntime> {
  const tf = await import('@tensorflow/tfjs-core');
  // The core package holds the gradients of its operations in a form that Node cannot import; this one registers them.
  await import('@tensorflow/tfjs-layers');
  // No hint on every start that another backend would be faster: the engine names the one it runs on.
  tf.enableProdMode();
  const place = await loaders[backend](tf);
  return {
    tf,
    backend,
    device: `TensorFlow.js on ${place}`,
    compute(work) {
      // One process may hold engines of several backends; the choice takes effect at once, and tensors stay where
      // they are.
      if (tf.getBackend() !== backend) void tf.setBackend(backend);
      return tf.tidy<TensorContainer>(work as () => TensorContainer) as ReturnType<typeof work>;
    },
  };
}
