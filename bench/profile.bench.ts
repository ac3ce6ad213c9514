// What a run's busy time goes to: all threads of the command line as it is built, sampled by V8's profiler.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EvolutionSettings } from '../population/config.ts';
import { packageRoot } from '../src/package-root.ts';
import { idle, kernels, readProfiles, startingUp, type SecondsByPart } from './cpu-profile.ts';
import { mnist } from './parents.ts';

const workers = 2;
const run = promisify(execFile);

const runs: Record<string, EvolutionSettings> = {
  'digits, default run': { data: 'digits' },
  'mnist, a short run': {
    data: mnist,
    generations: 1,
    children: 10,
    training: { firstEpochs: 1, childEpochs: 1, batchSize: 64 },
  },
};

export async function measure(): Promise<object> {
  // From the sources, every thread would also translate them.
  await run('npm', ['run', '-s', 'build'], { cwd: packageRoot() });
  const results: Record<string, object> = {};
  for (const [name, settings] of Object.entries(runs)) results[name] = await profile(settings);
  return { unit: 's', workers, results };
}

async function profile(settings: EvolutionSettings): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'neurostitch-profile-'));
  const [profiles, config] = ['profiles', 'config.json'].map((name) => join(folder, name)) as [string, string];
  writeFileSync(config, JSON.stringify(settings));
  const options = ['--config', config, '--workers', String(workers), '--out', join(folder, 'run'), '--quiet'];
  const command = ['--cpu-prof', '--cpu-prof-dir', profiles, join('dist', 'cli', 'main.js'), 'evolve', ...options];
  await run(process.execPath, command, { cwd: packageRoot() });
  const threads = readProfiles(profiles);
  rmSync(folder, { recursive: true });
  const working = sum(threads.filter((thread) => thread[kernels] !== undefined));
  const all = sum(threads);
  const busy = total(all) - all[idle]!;
  return {
    busy: round(busy),
    share_in_kernels: round(all[kernels]! / busy),
    share_in_kernels_once_modules_are_loaded: round(all[kernels]! / (busy - all[startingUp]!)),
    share_in_kernels_of_the_workers: round(working[kernels]! / (total(working) - working[idle]!)),
    idle_share_of_the_workers: round(working[idle]! / total(working)),
    parts: Object.entries(all)
      .filter(([part]) => part !== idle)
      .toSorted(([, a], [, b]) => b - a)
      .map(([part, seconds]) => ({ part, seconds: round(seconds), share: round(seconds / busy) })),
  };
}

function sum(threads: readonly SecondsByPart[]): SecondsByPart {
  const totals: Record<string, number> = {};
  for (const thread of threads) {
    for (const [part, seconds] of Object.entries(thread)) totals[part] = (totals[part] ?? 0) + seconds;
  }
  return totals;
}

function total(parts: SecondsByPart): number {
  return Object.values(parts).reduce((all, seconds) => all + seconds, 0);
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
