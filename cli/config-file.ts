// Reads the file behind --config: settings as JSON, or a module in TypeScript or JavaScript that may bring code as well.
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { partNames, type RunParts } from '../population/index.ts';
import { readSettings } from '../population/read-settings.ts';
import { expected, reasonOf, Words } from '../src/errors.ts';

/** What `--config` is, for commander. */
export const configOption = [
  '--config <file>',
  'settings in a TypeScript, JavaScript or JSON file; see init. Other options win over it',
] as const;

/** The contents of a config file, the settings unchecked. */
export interface ConfigContents {
  readonly settings: object;
  readonly parts: RunParts;
}

const moduleExtensions: readonly string[] = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];
const isSource = import.meta.url.endsWith('.ts');

/** Throws `not-found`, and `bad-config` for a file that cannot be loaded or does not export an object. */
export async function readConfigFile(path: string): Promise<ConfigContents> {
  if (!moduleExtensions.includes(extname(path))) return { settings: await readSettings(path), parts: {} };
  const { parts = {}, ...settings } = await defaultExport(path);
  if (!isObject(parts)) throw expected('bad-config', 'an object with parts', parts, 'parts');
  const known: readonly string[] = partNames;
  const unknown = Object.keys(parts).find((name) => !known.includes(name));
  if (unknown !== undefined) throw expected('bad-config', `a part of ${known.join(', ')}`, unknown, 'parts', known);
  return { settings, parts };
}

async function defaultExport(path: string): Promise<{ readonly parts?: RunParts }> {
  const file = resolve(path);
  if (!existsSync(file)) throw expected('not-found', 'a readable config file', new Words('none'), path);
  // The package that runs is the one that the file imports, wherever the file lies: both see the same classes.
  const virtualModules = Object.fromEntries(
    await Promise.all(
      ['', '/operators', '/stitching', '/population'].map(async (part): Promise<[string, unknown]> => {
        const entry = new URL(`..${part}/index.${isSource ? 'ts' : 'js'}`, import.meta.url).href;
        return [`neurostitch${part}`, await import(entry)];
      }),
    ),
  );
  let loaded: { readonly default?: unknown };
  try {
    loaded = await createJiti(file, { virtualModules, fsCache: false, interopDefault: false }).import(file);
  } catch (cause) {
    const text = reasonOf(cause);
    const error = new Error(text.replace(/\s+/g, ' '), { cause });
    throw expected('bad-config', 'a config file that can be loaded', error, path);
  }
  if (!isObject(loaded.default)) {
    const wanted = 'a config file with "export default defineConfig({ ... })"';
    throw expected('bad-config', wanted, loaded.default === undefined ? new Words('none') : loaded.default, path);
  }
  return loaded.default;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
