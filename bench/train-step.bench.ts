// Forward pass and training step of a CNN on 32 x 32 x 3 images, batch 128, against PyTorch where it is installed.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { NetworkBuilder } from '../src/network/network-builder.ts';
import type { Network } from '../src/network/network.ts';
import { RandomStream } from '../src/random/stream.ts';
import { adam } from '../src/training/optimisers/adam.ts';
import { medianTime } from './median-time.ts';

const size = 128;
const classes = 100;
const runs = 11;

function network(): Network {
  const net = new NetworkBuilder([3, 32, 32], RandomStream.fromSeed(1));
  for (const channels of [32, 64]) {
    for (let layer = 0; layer < 2; layer++) {
      net.layer('conv2d', { channels, kernel: 3 });
      net.layer('activation', { function: 'relu' });
    }
    net.layer('maxPool', { kernel: 2 });
  }
  net.layer('flatten');
  net.layer('dense', { units: classes });
  return net.build();
}

async function pytorch(threads: number): Promise<object | string> {
  try {
    const script = join(import.meta.dirname, 'peers', 'train_step.py');
    const { stdout } = await promisify(execFile)('/usr/bin/python3', [script, `${threads}`, `${size}`, `${runs}`]);
    return JSON.parse(stdout) as object;
  } catch {
    return 'not installed (apt-get install python3-torch)';
  }
}

export async function measure(): Promise<object> {
  const rng = RandomStream.fromSeed(2);
  const batch = { size, data: Float32Array.from({ length: size * 3 * 32 * 32 }, () => rng.normal()) };
  const targets = new Float32Array(size * classes);
  for (let n = 0; n < size; n++) targets[n * classes + rng.int(classes)] = 1;
  const results: Record<string, object> = {};
  for (const threads of [1, 2]) {
    const program = await onnxEngine({ threads }).compile([network()]);
    const forward = await medianTime(() => program.forward(batch), { runs });
    const step = await medianTime(() => program.step(batch, targets, adam(1e-3)), { runs });
    await program.dispose();
    results[`${threads} threads`] = { neurostitch: { forward, step }, pytorch: await pytorch(threads) };
  }
  return { unit: 'ms', batch: size, results };
}
