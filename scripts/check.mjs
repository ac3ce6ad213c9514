// Everything that CI runs, step by step; ends with a plain line "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scratch = mkdtempSync(join(tmpdir(), 'neurostitch-check-'));
const testResults = join(scratch, 'tests.json');
let passed = 0;
let failed = 0;

/** Runs a command with its output shown; returns whether it exited with 0. */
function succeeds(name, command, args, env = {}) {
  const start = Date.now();
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  console.log(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return status === 0;
}

function step(name, command, ...args) {
  if (succeeds(name, command, args)) passed += 1;
  else failed += 1;
}

step('format', 'npx', 'prettier', '--check', '--log-level', 'warn', '.');
step('lint', 'npx', 'eslint', '.', '--max-warnings', '0');
step('types', 'npx', 'tsc', '-p', 'tsconfig.json', '--noEmit');
step('dependency arrows', 'npm', 'run', '-s', 'deps:check');
step('build', 'npm', 'run', '-s', 'build');
step('package', 'npx', 'publint', '--strict');
step('API reference', 'npm', 'run', '-s', 'api');

const ran = succeeds('tests', 'npx', [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${testResults}`,
]);
try {
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(testResults, 'utf8'));
  passed += numPassedTests;
  // A suite that breaks before its first test fails the run without a failed test.
  failed += ran ? numFailedTests : Math.max(numFailedTests, 1);
} catch {
  failed += 1;
}

for (const file of readdirSync('examples').filter((name) => name.endsWith('.ts'))) {
  const name = `example ${file}`;
  const small = { NEUROSTITCH_EXAMPLE_OUT: join(scratch, file), NEUROSTITCH_EXAMPLE_GENERATIONS: '1' };
  if (succeeds(name, 'npx', ['tsx', `examples/${file}`], small)) passed += 1;
  else failed += 1;
}

rmSync(scratch, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
