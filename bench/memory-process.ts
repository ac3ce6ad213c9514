// The process that memory.bench.ts watches: trains a network, and tells how much memory that took.
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { adam } from '../src/training/optimisers/adam.ts';
import { networks, randomBatch, type NetworkName } from './networks.ts';

export interface MemoryTask {
  readonly network: NetworkName;
  readonly size: number;
  /** Of each compiled program. */
  readonly steps: number;
  readonly compiles: number;
  /** Steps from one point of the curve to the next. */
  readonly every: number;
}

/** Resident bytes. */
export interface Memory {
  readonly peak: number;
  /** Before the network was built. */
  readonly atStart: number;
  readonly curve: readonly number[];
}

const task = JSON.parse(process.argv[2]!) as MemoryTask;
const atStart = process.memoryUsage.rss();
const network = networks[task.network]();
const { batch, targets } = randomBatch(network, task.size);
const curve: number[] = [];
let taken = 0;
for (let compile = 0; compile < task.compiles; compile++) {
  const program = await onnxEngine({ threads: 1 }).compile([network]);
  for (let step = 0; step < task.steps; step++) {
    await program.step(batch, targets, adam(1e-3));
    taken += 1;
    if (taken % task.every === 0) curve.push(process.memoryUsage.rss());
  }
  await program.dispose();
}
const memory: Memory = { peak: process.resourceUsage().maxRSS * 1024, atStart, curve };
process.send!(memory);
process.disconnect();
