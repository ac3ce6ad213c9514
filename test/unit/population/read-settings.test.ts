import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSettings } from '../../../population/read-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-settings-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['without a byte order mark', '{"seed": 7}'],
  ['with one', '\uFEFF{"seed": 7}\r\n'],
])('settings %s are read', async (_, text) => {
  const path = join(folder, 'settings.json');
  writeFileSync(path, text);
  expect(await readSettings(path)).toEqual({ seed: 7 });
});

test('what holds no settings is refused, with its place', async () => {
  const path = join(folder, 'wrong.json');
  const wrong = expect.objectContaining({ code: 'bad-config', path }) as unknown;
  for (const text of ['{"generations": }', '', '[1]', 'null', '3']) {
    writeFileSync(path, text);
    await expect(readSettings(path)).rejects.toEqual(wrong);
  }
  await expect(readSettings(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'not-found' });
});
