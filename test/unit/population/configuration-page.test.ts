// The pages about settings and journals say what the schemas say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { journalEventSchema } from '../../../population/index.ts';
import { configurationFiles } from '../../../scripts/configuration-page.ts';
import { packageRoot } from '../../../src/package-root.ts';

const inDocs = (path: string): string => readFileSync(join(packageRoot(), path), 'utf8');

test('docs/configuration.md and the schemas are what `npm run -s configuration` writes', async () => {
  for (const [path, text] of Object.entries(await configurationFiles())) expect(inDocs(path), path).toBe(text);
});

test('docs/run-folder.md names every event of the journal and each of its fields', () => {
  const page = inDocs('docs/run-folder.md');
  for (const { shape } of journalEventSchema.options) {
    const [type] = shape.type.values;
    const section = page.split(`### \`${type}\``)[1]?.split('\n### ')[0];
    expect(section, type).toBeDefined();
    for (const field of Object.keys(shape)) {
      if (!['type', 'at', 'check'].includes(field)) expect(section, `${type}.${field}`).toContain(`\`${field}\``);
    }
  }
});
