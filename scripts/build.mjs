// Compiles to dist/, in place of what was there only once all is compiled: who runs from dist/ meanwhile is not disturbed.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [next, last] = [`.build-${process.pid}-next`, `.build-${process.pid}-last`];
const compiler = 'node_modules/typescript/bin/tsc';
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', next], {
  stdio: 'inherit',
});
if (status === 0) {
  chmodSync(`${next}/cli/main.js`, 0o755);
  if (existsSync('dist')) renameSync('dist', last);
  renameSync(next, 'dist');
}
for (const folder of [next, last]) rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
