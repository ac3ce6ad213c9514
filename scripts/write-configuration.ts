// Writes docs/configuration.md, docs/config.schema.json and docs/journal.schema.json.
import { writeFileSync } from 'node:fs';
import { configurationFiles } from './configuration-page.ts';

for (const [path, text] of Object.entries(await configurationFiles())) writeFileSync(path, text);
