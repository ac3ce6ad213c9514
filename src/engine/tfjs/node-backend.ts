// TensorFlow's native library for Node, as the backend "tensorflow" of TensorFlow.js.
import { NeurostitchError } from '../../errors.ts';
import type { Tfjs } from './tfjs.ts';

/** With a GPU first. Neither is installed with neurostitch unless its native library could be fetched. */
const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/** Registers the backend and says what it runs on; throws `engine-failed` where no package of it can be loaded. */
export async function loadNodeBackend(tf: Tfjs): Promise<string> {
  const problems: string[] = [];
  for (const name of packages) {
    try {
      await import(name);
      await tf.setBackend('tensorflow');
      return `${usesGpu(tf) ? 'a GPU' : 'the CPU'} by ${name}`;
    } catch (cause) {
      problems.push(`${name}: ${reason(cause)}`);
    }
  }
  const hint = `install ${packages[0]} for an NVIDIA GPU with CUDA, or ${packages[1]}`;
  throw new NeurostitchError('engine-failed', `Expected TensorFlow for Node (${hint}), got ${problems.join('; ')}`);
}

function usesGpu(tf: Tfjs): boolean {
  return (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
}

function reason(cause: unknown): string {
  if ((cause as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') return 'not installed';
  return String(cause).split('\n')[0]!;
}
