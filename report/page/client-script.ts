// The page's own script as one text: the modules of client/, compiled, with the little that lets them import each other.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import type * as jiti from 'jiti';
import { Markup } from '../markup.ts';

const folder = new URL('client/', import.meta.url);
/** In dist/ the modules are compiled already, to CommonJS; from source that is done here. */
const extension = extname(import.meta.url);
let script: Markup | undefined;

/** Names from a run reach the page as text nodes only. */
export function clientScript(): Markup {
  script ??= new Markup(`(() => {
'use strict';
const modules = {
${moduleNames()
  .map((name) => `'${name}'(exports, require) {\n${moduleCode(name)}\n},`)
  .join('\n')}
};
const loaded = {};
const load = (path) => {
  const name = path.slice('./'.length, -'.ts'.length);
  if (!loaded[name]) modules[name]((loaded[name] = {}), load);
  return loaded[name];
};
load('./start.ts');
})();
`);
  return script;
}

function moduleNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension) && !file.endsWith('.d.ts'))
    .map((file) => file.slice(0, -extension.length))
    .sort();
}

function moduleCode(name: string): string {
  const filename = name + extension;
  const source = readFileSync(new URL(filename, folder), 'utf8');
  if (extension === '.js') return source;
  const { createJiti } = createRequire(import.meta.url)('jiti') as typeof jiti;
  return createJiti(import.meta.url).transform({ source, filename, ts: true });
}
