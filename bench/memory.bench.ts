// Resident memory: the peak of a training step against PyTorch's, and how it moves over many steps and compiles.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Memory, MemoryTask } from './memory-process.ts';
import { networkNames, type NetworkName } from './networks.ts';
import { noPytorch, Pytorch } from './pytorch.ts';

const size = 128;
const steps = 5;
const mib = 2 ** 20;

export async function measure(): Promise<object> {
  const peaks: object[] = [];
  for (const network of networkNames) peaks.push(await peakOf(network));
  const curve = async (task: MemoryTask): Promise<number[]> => (await inOwnProcess(task)).curve.map(inMib);
  return {
    unit: 'MiB',
    batch: size,
    peaks,
    growth: {
      network: 'cnn',
      batch: 16,
      'after every 100 of 1000 steps': await curve({ network: 'cnn', size: 16, steps: 1000, compiles: 1, every: 100 }),
      'after every 10 of 100 compiles': await curve({ network: 'cnn', size: 16, steps: 1, compiles: 100, every: 10 }),
    },
  };
}

async function peakOf(network: NetworkName): Promise<object> {
  const own = await inOwnProcess({ network, size, steps, compiles: 1, every: steps });
  const pytorch = await Pytorch.start(network, 1, size);
  for (let step = 0; step < steps; step++) await pytorch?.time('step');
  const theirs = await pytorch?.memory();
  await pytorch?.stop();
  return {
    network,
    threads: 1,
    peak: inMib(own.peak),
    above_start: inMib(own.peak - own.atStart),
    peer: theirs
      ? {
          name: `PyTorch ${pytorch!.version}`,
          peak: inMib(theirs.peak),
          above_start: inMib(theirs.peak - theirs.atStart),
        }
      : noPytorch,
    ratio: theirs && own.peak / theirs.peak,
  };
}

/** In a process of its own, so that nothing that ran before counts. */
async function inOwnProcess(task: MemoryTask): Promise<Memory> {
  const child = fork(join(import.meta.dirname, 'memory-process.ts'), [JSON.stringify(task)]);
  const [memory] = (await once(child, 'message')) as [Memory];
  return memory;
}

function inMib(bytes: number): number {
  return Math.round(bytes / mib);
}
