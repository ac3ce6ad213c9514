// neurostitch init: where it writes, and that it never writes over anything.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { initCommand } from '../../../cli/init-command.ts';
import { printedBy } from '../../helpers/printed-by.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-init-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function init(...args: string[]): Promise<string> {
  return printedBy(initCommand(), args);
}

test('a TypeScript file, or a JSON file beside its JSON Schema', async () => {
  await init(join(folder, 'a.config.ts'));
  await init(join(folder, 'a.config.json'), '--json');
  expect(readdirSync(folder).sort()).toEqual(['a.config.json', 'a.config.schema.json', 'a.config.ts']);
  const { $schema } = JSON.parse(readFileSync(join(folder, 'a.config.json'), 'utf8')) as { $schema: string };
  expect($schema).toBe('./a.config.schema.json');
});

test('what is there stays, a schema without its config, too', async () => {
  const taken = ['b.config.ts', 'c.config.json', 'd.config.schema.json'].map((name) => join(folder, name));
  for (const path of taken) writeFileSync(path, 'mine');
  const before = readdirSync(folder);
  const json = (name: string): Promise<string> => init(join(folder, name), '--json');
  await expect(init(taken[0]!)).rejects.toMatchObject({ code: 'out-exists' });
  await expect(json('c.config.json')).rejects.toMatchObject({ code: 'out-exists' });
  await expect(json('d.config.json')).rejects.toMatchObject({ code: 'out-exists' });
  await expect(init(join(folder, 'e.json'))).rejects.toThrow('Expected a name that ends in .ts');
  expect(taken.map((path) => readFileSync(path, 'utf8'))).toEqual(['mine', 'mine', 'mine']);
  expect(readdirSync(folder)).toEqual(before);
});
