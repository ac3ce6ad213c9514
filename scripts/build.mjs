// Compiles to dist/, in place of what was there only once all is compiled: who runs from dist/ meanwhile is not disturbed.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [next, client, last] = ['next', 'client', 'last'].map((name) => `.build-${process.pid}-${name}`);
const compiler = 'node_modules/typescript/bin/tsc';

function compile(project, folder) {
  const args = [compiler, '-p', project, '--noEmit', 'false', '--outDir', folder];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}

// The script of the report's page is for browsers: other settings, and no part of what Node loads.
const status = compile('tsconfig.build.json', next) || compile('report/page/client', client);
if (status === 0) {
  renameSync(`${client}/page/client`, `${next}/report/page/client`);
  chmodSync(`${next}/cli/main.js`, 0o755);
  if (existsSync('dist')) renameSync('dist', last);
  renameSync(next, 'dist');
}
for (const folder of [next, client, last]) rmSync(folder, { recursive: true, force: true });
process.exitCode = status;
