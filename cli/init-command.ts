// neurostitch init: writes a config file with every setting, its default and what it is for.
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Command } from 'commander';
import { expected, Words } from '../src/errors.ts';
import { writeFileAtomically } from '../src/store/files.ts';
import { configAsJson, configAsTypeScript, jsonSchemaFile } from './config-template.ts';
import { helpExamples } from './help-examples.ts';
import { requirePlace } from './output-file.ts';
import { settingsSchema } from './setting-options.ts';

const defaultStem = 'neurostitch.config';

export function initCommand(): Command {
  return new Command('init')
    .description('Write a config file with every setting and its default, for evolve --config.')
    .argument('[file]', `the file to write (default: ${defaultStem}.ts)`)
    .option('--json', `write JSON, by default ${defaultStem}.json, and beside it a JSON Schema for editors`)
    .addHelpText('after', helpExamples('init', 'init --json', 'evolve --config neurostitch.config.ts --out runs/mine'))
    .action(async (given: string | undefined, { json }: { json?: true }) => {
      const extension = json ? '.json' : '.ts';
      const file = given ?? `${defaultStem}${extension}`;
      requireUnused(file, extension);
      const schema = settingsSchema();
      if (!json) await writeFileAtomically(file, configAsTypeScript(schema));
      else {
        const schemaFile = join(dirname(file), `${basename(file, extension)}.schema.json`);
        requireUnused(schemaFile, extension);
        await writeFileAtomically(schemaFile, jsonSchemaFile(schema));
        await writeFileAtomically(file, configAsJson(schema, `./${basename(schemaFile)}`));
      }
      process.stdout.write(`Config: ${file}\nTo run it: neurostitch evolve --config ${file}\n`);
    });
}

/** Throws `out-exists` for a file that is there, and what `requirePlace` throws. */
function requireUnused(file: string, extension: string): void {
  requirePlace(file, [extension]);
  if (existsSync(file)) throw expected('out-exists', 'a new file', new Words('one that is there'), file);
}
