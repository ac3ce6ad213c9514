// Config files to begin with: every setting with its default, and what it is for.
import type { SettingSchema } from './setting-options.ts';

const width = 110;

/** A module for `evolve --config` in TypeScript, each setting under its description. */
export function configAsTypeScript(settings: SettingSchema): string {
  return [
    '// The settings of a run, each with its default: neurostitch evolve --config FILE',
    "import { defineConfig } from 'neurostitch';",
    '',
    'export default defineConfig({',
    ...linesOf(settings, '  '),
    '});',
    '',
  ].join('\n');
}

/** The same in JSON, which has no comments: editors show the descriptions of the JSON Schema in `schemaFile`. */
export function configAsJson(settings: SettingSchema, schemaFile: string): string {
  return `${JSON.stringify({ $schema: schemaFile, ...(defaultOf(settings) as object) }, null, 2)}\n`;
}

/** The JSON Schema of such a file, which also allows the name of the schema itself. */
export function jsonSchemaFile({ properties, ...rest }: SettingSchema): string {
  return `${JSON.stringify({ ...rest, properties: { $schema: { type: 'string' }, ...properties } }, null, 2)}\n`;
}

function linesOf({ properties = {} }: SettingSchema, indent: string): string[] {
  return Object.entries(properties).flatMap(([key, setting]) => [
    ...wrap(setting.description ?? '', width - indent.length).map((line) => `${indent}// ${line}`),
    ...(setting.properties
      ? [`${indent}${key}: {`, ...linesOf(setting, `${indent}  `), `${indent}},`]
      : [`${indent}${key}: ${literal(setting.default)},`]),
  ]);
}

/** Objects with settings of their own say those' defaults. */
function defaultOf({ properties, default: own }: SettingSchema): unknown {
  if (!properties) return own;
  return Object.fromEntries(Object.entries(properties).map(([key, setting]) => [key, defaultOf(setting)]));
}

function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replace(/['\\]/g, '\\$&')}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  return JSON.stringify(value);
}

/** Lines of at most `most` characters where words allow; none for no text. */
function wrap(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
