// neurostitch export: an individual of a run as a model file.
import { Command } from 'commander';
import { openRun } from '../population/index.ts';
import { requireModelPlace, writeModelFile } from './model-file.ts';

export function exportCommand(): Command {
  return new Command('export')
    .description('Write a network of a run as ONNX, or as safetensors with its training state.')
    .argument('<run>', 'the run folder')
    .argument('<id>', 'the id of an individual, as front prints it')
    .requiredOption('--out <file>', 'the file, ending in .onnx or .safetensors; an older one is replaced')
    .option('--json', 'print the path as JSON')
    .addHelpText('after', '\nExample:\n  neurostitch export runs/x ID --out best.onnx')
    .action(async (folder: string, id: string, { out, json }: { out: string; json?: true }) => {
      requireModelPlace(out);
      await writeModelFile(out, await (await openRun(folder)).model(id));
      process.stdout.write(json ? `${JSON.stringify({ model: out })}\n` : `Model: ${out}\n`);
    });
}
