// neurostitch export: an individual of a run as a model file, or as a folder with a model card.
import { join } from 'node:path';
import { Command } from 'commander';
import { openRun } from '../population/index.ts';
import { createFolder, writeFileAtomically } from '../src/store/files.ts';
import { helpExamples } from './help-examples.ts';
import { modelFolder } from './model-card.ts';
import { modelForms, requireModelPlace, writeModelFile } from './model-file.ts';
import { choice } from './option-values.ts';
import { requireNewFolder } from './output-file.ts';

interface ExportFlags {
  readonly out: string;
  readonly to?: string;
  readonly json?: true;
}

export function exportCommand(): Command {
  return new Command('export')
    .description('Write a network of a run as ONNX, as safetensors with its training state, or with a model card.')
    .argument('<run>', 'the run folder')
    .argument('<id>', 'the id of an individual, as front prints it')
    .requiredOption('--out <file>', 'the file, an older one is replaced; of hf the folder, new or empty')
    .addOption(
      choice('--to <form>', 'the form; hf is a folder with model card, ONNX and safetensors (default: as --out ends)', [
        ...modelForms,
        'hf',
      ]),
    )
    .option('--json', 'print the path as JSON')
    .addHelpText(
      'after',
      helpExamples('export runs/x ft7yqumm --out best.onnx', 'export runs/x ft7yqumm --to hf --out best-model'),
    )
    .action(async (folder: string, id: string, { out, to, json }: ExportFlags) => {
      if (to === 'hf') {
        requireNewFolder(out);
        const files = await modelFolder(await openRun(folder), id);
        createFolder(out);
        for (const [name, content] of Object.entries(files)) await writeFileAtomically(join(out, name), content);
      } else {
        requireModelPlace(out, to);
        await writeModelFile(out, await (await openRun(folder)).model(id));
      }
      process.stdout.write(json ? `${JSON.stringify({ model: out })}\n` : `Model: ${out}\n`);
    });
}
