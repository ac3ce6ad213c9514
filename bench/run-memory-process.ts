// The process that run-memory.bench.ts watches: a small run of many generations, and its memory after each of them.
import { evolve } from '../population/index.ts';

export interface RunMemoryTask {
  readonly out: string;
  readonly generations: number;
  readonly workers: number;
}

/** Bytes, by generation. */
export interface RunMemory {
  readonly resident: readonly number[];
  readonly heap: readonly number[];
  /** Of array buffers, shared ones not counted. */
  readonly buffers: readonly number[];
}

const { out, generations, workers } = JSON.parse(process.argv[2]!) as RunMemoryTask;
const memory = { resident: [] as number[], heap: [] as number[], buffers: [] as number[] };
await evolve(
  {
    data: 'digits',
    generations,
    populationSize: 8,
    children: 8,
    training: { firstEpochs: 4, childEpochs: 1 },
  },
  { out, workers },
  {
    onGeneration() {
      globalThis.gc!();
      const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
      memory.resident.push(rss);
      memory.heap.push(heapUsed);
      memory.buffers.push(arrayBuffers);
    },
  },
);
process.send!(memory satisfies RunMemory);
process.disconnect();
