// Where a report is written, and where not.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { journalName } from '../../../population/run/run-directory.ts';
import { writeReport } from '../../../report/write-report.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';

const record = syntheticRunRecord({ size: 3 });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'neurostitch-write-report-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("a run's own report is written anew, another run's is not", async () => {
  writeFileSync(join(folder, journalName), `${JSON.stringify(record.start)}\n`);
  const path = await writeReport(folder, record);
  const report = readFileSync(path, 'utf8');
  const other = { ...record, start: { ...record.start, at: record.start.at + 1 } };
  await expect(writeReport(folder, other)).rejects.toMatchObject({
    code: 'out-exists',
    message: `Expected the folder of this run, or one without a run, got another run's (at ${folder})`,
  });
  expect(readFileSync(path, 'utf8')).toBe(report);
  expect(await writeReport(folder, record)).toBe(path);
});

test('what is no folder and what is no record is said in words, and leaves nothing', async () => {
  const run = { folder, record };
  await expect(writeReport(undefined as never, record)).rejects.toThrow('Expected a folder for the run, got nothing');
  await expect(writeReport(folder, run as never)).rejects.toThrow('Expected the record of a run, got {"folder"');
  expect(readdirSync(folder)).toEqual([]);
});
