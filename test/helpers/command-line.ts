// Runs the command line as a process of its own, from dist/ or from source.
import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

export const root = join(import.meta.dirname, '../..');
const entries = {
  built: [join(root, 'dist/cli/main.js')],
  source: ['--import', 'tsx', join(root, 'cli/main.ts')],
};
/** What dist/ is made of. */
const sources = ['src', 'operators', 'stitching', 'population', 'report', 'cli', 'index.ts', 'tsconfig.build.json'];

/** Builds dist/ unless it is newer than all it is made of. */
export async function ensureBuilt(): Promise<void> {
  const newest = Math.max(...sources.map((name) => changedAt(join(root, name))));
  const [entry] = entries.built;
  if ((statSync(entry!, { throwIfNoEntry: false })?.mtimeMs ?? 0) > newest) return;
  await promisify(execFile)('npm', ['run', '-s', 'build'], { cwd: root });
}

/** When the newest file in a folder was changed. Folders count, too: their files may be gone. */
function changedAt(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command from its beginning to its end. */
export function neurostitch(args: readonly string[], from: keyof typeof entries = 'built'): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...entries[from], ...args], { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

export interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Resolves once standard error has this text. */
  readonly said: (text: string) => Promise<void>;
  /** All of standard error so far. */
  readonly stderr: () => string;
  /** The exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** A command that goes on while the test does. */
export function start(args: readonly string[]): Started {
  const child = spawn(process.execPath, [...entries.built, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  return {
    child,
    said: async (text) => {
      while (!stderr.includes(text)) await once(child.stderr, 'data');
    },
    stderr: () => stderr,
    exited: new Promise((resolve) => child.on('exit', resolve)),
  };
}
