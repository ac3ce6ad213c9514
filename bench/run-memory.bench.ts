// Memory after each generation of a small run: a run of any length must fit where a short one does.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './median.ts';
import type { RunMemory, RunMemoryTask } from './run-memory-process.ts';

const generations = 50;
const mib = 2 ** 20;

export async function measure(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'neurostitch-memory-'));
  const memory = await inOwnProcess({ out: join(folder, 'run'), generations, workers: 2 });
  rmSync(folder, { recursive: true });
  const curves = Object.entries(memory).map(([name, bytes]: [string, readonly number[]]) => {
    const curve = bytes.map((value) => Number((value / mib).toFixed(1)));
    // The first generations start threads and compile code.
    const [early, late] = [median(curve.slice(10, 20)), median(curve.slice(-10))];
    return [name, { 'generations 10 to 19': early, 'the last ten': late, growth: late - early, curve }] as const;
  });
  return { unit: 'MiB', generations, ...Object.fromEntries(curves) };
}

async function inOwnProcess(task: RunMemoryTask): Promise<RunMemory> {
  const execArgv = [...process.execArgv, '--expose-gc'];
  const child = fork(join(import.meta.dirname, 'run-memory-process.ts'), [JSON.stringify(task)], { execArgv });
  const [memory] = (await once(child, 'message')) as [RunMemory];
  return memory;
}
