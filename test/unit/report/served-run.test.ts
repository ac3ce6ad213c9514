// What a served run is said to be doing.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { journalName } from '../../../population/run/run-directory.ts';
import { serveReports } from '../../../report/index.ts';
import { FolderLock } from '../../../src/store/folder-lock.ts';
import { journalLines } from '../../helpers/journal-lines.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-served-run-'));
const run = join(folder, 'run');
mkdirSync(run);
const lines = journalLines(syntheticRunRecord({ size: 40, end: null }));
writeFileSync(join(run, journalName), lines.map((line) => `${line}\n`).join(''));
const server = await serveReports(folder, { port: 0 });
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** In the list of runs, and on the run's own page. */
async function states(): Promise<(string | undefined)[]> {
  const [list, page] = await Promise.all(
    ['', 'run/'].map(async (path) => (await fetch(`${server.url}${path}`)).text()),
  );
  return [/<td class="wrapped">(.*?)<\/td>/.exec(list!)?.[1], /<\/h1>\n<p>(.*?)<\/p>/.exec(page!)?.[1]];
}

test('a run that a process writes is told from one that was cut off', async () => {
  const cutOff = 'Cut off: no process writes it now.';
  expect(await states()).toEqual([cutOff, cutOff]);
  // Left by a process that is gone.
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(run, `lock-${pid}-1-${encodeURIComponent(hostname())}`), '');
  expect(await states()).toEqual([cutOff, cutOff]);
  const lock = new FolderLock(run);
  expect(await states()).toEqual(['Running.', 'Running.']);
  lock.release();
  expect(await states()).toEqual([cutOff, cutOff]);
});
