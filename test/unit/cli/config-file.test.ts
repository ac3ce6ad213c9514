// Config files as users write them: modules with code, plain modules, JSON, and what goes wrong.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readConfigFile } from '../../../cli/config-file.ts';
import { configAsJson, configAsTypeScript, jsonSchemaFile } from '../../../cli/config-template.ts';
import { settingsSchema, type SettingSchema } from '../../../cli/setting-options.ts';
import { operators } from '../../../operators/index.ts';
import { parseConfig } from '../../../population/index.ts';

// Outside the package, where no node_modules has neurostitch.
const folder = mkdtempSync(join(tmpdir(), 'neurostitch-config-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('a module in TypeScript brings settings and code, from the very package that reads it', async () => {
  write('twice.ts', 'export const twice = (seed: number): number => 2 * seed;\n');
  const path = write(
    'whole.config.ts',
    `import { defineConfig, operators, type Operator } from 'neurostitch';
    import { widenPair } from 'neurostitch/operators';
    import { twice } from './twice.ts';
    const own: Operator = { ...widenPair, name: 'my-widen' };
    export default defineConfig({ seed: twice(4), parts: { operators: [own, ...operators] } });`,
  );
  const { settings, parts } = await readConfigFile(path);
  expect(settings).toEqual({ seed: 8 });
  expect(parts.operators!.map(({ name }) => name)).toEqual(['my-widen', ...operators.map(({ name }) => name)]);
  expect(parts.operators![1]).toBe(operators[0]);
});

test.each([
  ['plain.config.mjs', 'export default { seed: 5 };'],
  ['plain.config.cjs', 'module.exports = { seed: 5 };'],
  ['plain.config.json', '{ "seed": 5 }'],
  ['plain.config', '{ "seed": 5 }'],
])('%s is read', async (name, text) => {
  expect(await readConfigFile(write(name, text))).toEqual({ settings: { seed: 5 }, parts: {} });
});

test.each([
  ['syntax.ts', 'export default {{', 'Expected a config file that can be loaded, got'],
  ['throws.ts', 'throw new Error("of its own")', 'Expected a config file that can be loaded, got of its own'],
  ['import.ts', 'import "./nowhere.ts"; export default {}', "Cannot find module './nowhere.ts'"],
  ['named.ts', 'export const seed = 1', 'Expected a config file with "export default defineConfig({ ... })", got none'],
  ['list.ts', 'export default [1]', 'got [1]'],
  ['parts.js', 'export default { parts: { frist: [] } }', 'got "frist" (at parts); did you mean "first"?'],
  ['no-parts.js', 'export default { parts: 3 }', 'Expected an object with parts, got 3 (at parts)'],
])('%s is refused', async (name, text, message) => {
  const attempt = readConfigFile(write(name, text));
  await expect(attempt).rejects.toMatchObject({ name: 'NeurostitchError', code: 'bad-config' });
  await expect(attempt).rejects.toThrow(message);
});

test('a file that is not there is not found', async () => {
  for (const name of ['none.ts', 'none.json']) {
    await expect(readConfigFile(join(folder, name))).rejects.toMatchObject({ code: 'not-found' });
  }
});

test('the configs that init writes have every setting at its default', async () => {
  const schema = settingsSchema();
  for (const [name, text] of [
    ['init.config.ts', configAsTypeScript(schema)],
    ['init.config.json', configAsJson(schema, './init.schema.json')],
  ] as const) {
    const { settings } = await readConfigFile(write(name, text));
    expect(parseConfig(settings)).toEqual(parseConfig({}));
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(Object.keys(parseConfig({}))));
  }
  const { properties } = JSON.parse(jsonSchemaFile(schema)) as SettingSchema;
  expect(Object.keys(properties!)).toEqual(['$schema', ...Object.keys(parseConfig({}))]);
});

test('descriptions become comments, in lines of at most 120 characters', () => {
  const description = `How ${'very '.repeat(40)}much.`;
  const setting: SettingSchema = { description, default: "a 'b'\\" };
  const text = configAsTypeScript({
    properties: { plain: setting, nested: { properties: { list: { default: [1] } } } },
  });
  const lines = text.split('\n');
  const comments = lines.filter((line) => line.startsWith('  //')).map((line) => line.replace('  // ', ''));
  expect(comments.join(' ')).toBe(description);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(120);
  expect(text).toContain("  plain: 'a \\'b\\'\\\\',\n  nested: {\n    list: [1],\n  },\n");
});
