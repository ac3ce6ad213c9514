// Where a command may write.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { reportCommand } from '../../../cli/report-command.ts';
import { requirePlace } from '../../../cli/output-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-place-'));
mkdirSync(join(folder, 'folder.svg'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a new file in a folder that is there', () => {
  expect(() => {
    requirePlace(join(folder, 'new.svg'), ['.svg']);
  }).not.toThrow();
});

test.each([
  ['journal.jsonl', 'Expected a name that ends in .svg'],
  ['folder.svg', 'Expected a file to write, got a folder'],
  ['nowhere/new.svg', 'Expected a place that can be written to, got ENOENT'],
])('%s is refused', async (name, message) => {
  const path = join(folder, name);
  expect(() => {
    requirePlace(path, ['.svg']);
  }).toThrow(message);
  // Before the run is looked for, so before anything is written.
  const attempt = reportCommand().parseAsync([join(folder, 'no-run'), '--svg', path], { from: 'user' });
  await expect(attempt).rejects.toThrow(message);
});
