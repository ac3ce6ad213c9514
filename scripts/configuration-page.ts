// The texts of docs/configuration.md and of the JSON Schemas beside it, from the schemas that check settings and journals.
import { format } from 'prettier';
import { z } from 'zod';
import { jsonSchemaFile } from '../cli/config-template.ts';
import { settingsSchema, type SettingSchema } from '../cli/setting-options.ts';
import { journalEventSchema, objectives, selections } from '../population/index.ts';
import { operators } from '../operators/registry.ts';

/** Bounds that only say "what a number can hold". */
const unbounded = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

interface Setting extends SettingSchema {
  readonly anyOf?: readonly Setting[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: Setting;
}

/** Each file's text by its path. */
export async function configurationFiles(): Promise<Readonly<Record<string, string>>> {
  const schema = settingsSchema();
  const journal = JSON.stringify(z.toJSONSchema(journalEventSchema), null, 2);
  return {
    'docs/configuration.md': await format(page(schema), { parser: 'markdown', printWidth: 120, proseWrap: 'always' }),
    'docs/config.schema.json': await format(jsonSchemaFile(schema), { parser: 'json', printWidth: 120 }),
    'docs/journal.schema.json': await format(journal, { parser: 'json', printWidth: 120 }),
  };
}

function page(schema: SettingSchema): string {
  const groups = Object.entries(schema.properties ?? {}).filter(([, { properties }]) => properties);
  return `# Configuration

Written by \`npm run -s configuration\` from the schema that checks settings; [config.schema.json](config.schema.json) is the
same for editors and programs, and \`neurostitch init\` writes a commented file to begin with. Settings come from \`--config\`
and from options of \`evolve\`, which win; in code they are the first argument of \`evolve\`. Equal settings give equal runs.

${table(schema)}
${groups.map(([name, group]) => `\n## ${name}\n\n${group.description}\n\n${table(group)}`).join('\n')}

## Objectives

All are minimised but for what code brings. A constraint bounds any of them, whether or not it is optimised.

| name | what it is | unit |
| --- | --- | --- |
${objectives.map(({ name, title, unit = '' }) => `| ${name} | ${title} | ${unit} |`).join('\n')}

The hypervolume is a share of the box between the ideal point (0, unless an objective says otherwise) and a reference point:
an error of 1, and of every other objective twice the worst of the first population. Every output that has a hypervolume
states that point. Latency is the median of warmed runs for one sample, on one thread of a worker while others work: it
does not come out the same twice.

## Selections

${selections.map(({ name }) => `- \`${name}\``).join('\n')}

## Operators

${operators.map(({ name }) => `\`${name}\``).join(', ')}: see [operators.md](operators.md).
`;
}

function table({ properties = {} }: SettingSchema): string {
  const rows = Object.entries(properties)
    .filter(([, setting]) => !setting.properties)
    .map(([name, setting]) => {
      const text = (setting.description ?? '').replaceAll('|', '\\|');
      return `| \`${name}\` | ${typeOf(setting)} | \`${JSON.stringify(setting.default)}\` | ${text} |`;
    });
  return ['| setting | type | default | what it does |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function typeOf(setting: Setting): string {
  if (setting.anyOf) return setting.anyOf.map(typeOf).join(' or ');
  if (setting.enum) return setting.enum.map((value) => `\`${value}\``).join(', ');
  if (setting.items) return `list of ${typeOf(setting.items)}s`;
  const bounds = [
    ...bound('from', setting.minimum),
    ...bound('above', setting.exclusiveMinimum),
    ...bound('to', setting.maximum),
    ...bound('below', setting.exclusiveMaximum),
  ];
  return [String(setting.type), ...bounds].join(' ');
}

function bound(word: string, value: number | undefined): string[] {
  return value === undefined || unbounded.includes(value) ? [] : [`${word} ${value}`];
}
