// Finds the engines that work on this machine, tried in another process: a native library that crashes or hangs takes
// nothing with it but its own engine.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../package-root.ts';
import { engineCandidates } from './engine-candidates.ts';
import type { EngineName } from './engine-names.ts';
import type { EngineFinding } from './probe-engine.ts';

const isSource = import.meta.url.endsWith('.ts');
const entry = fileURLToPath(new URL(isSource ? './probe-process.ts' : './probe-process.js', import.meta.url));

/** In the order of the candidates. `patience` in milliseconds: how long one engine may take to answer. */
export async function findEngines(
  names: readonly EngineName[] = engineCandidates.map(({ name }) => name),
  patience = 10_000,
): Promise<readonly EngineFinding[]> {
  const findings: EngineFinding[] = [];
  while (findings.length < names.length) {
    const { found, end } = await probe(names.slice(findings.length), patience);
    findings.push(...found);
    const silent = names[findings.length];
    if (silent) findings.push({ name: silent, device: undefined, accelerated: false, problem: end });
  }
  return findings;
}

/** What one process finds before it ends, and how it ended. */
function probe(
  names: readonly EngineName[],
  patience: number,
): Promise<{ readonly found: readonly EngineFinding[]; readonly end: string }> {
  const args = [...(isSource ? ['--import', 'tsx'] : []), entry, ...names];
  const child = spawn(process.execPath, args, { cwd: packageRoot(), stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve) => {
    const found: EngineFinding[] = [];
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      child.kill('SIGKILL');
    }, patience);
    createInterface(child.stdout).on('line', (line) => {
      if (!line.startsWith('{')) return;
      found.push(JSON.parse(line) as EngineFinding);
      timer.refresh();
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const end = isSlow ? `none within ${patience / 1000} s` : `a crash (${signal ?? `exit code ${code}`})`;
      resolve({ found, end: `Expected an answer, got ${end}` });
    });
  });
}
