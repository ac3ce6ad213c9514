// neurostitch import: a model made elsewhere as a model file of ours, shown layer by layer and compared with the original.
import { Command } from 'commander';
import { layerRows, layerTable } from '../report/index.ts';
import { expected, Words } from '../src/errors.ts';
import { costOf } from '../src/network/cost.ts';
import { compareWithOriginal, readForeignModel } from './foreign-model.ts';
import { helpExamples } from './help-examples.ts';
import { requireModelPlace, writeModelFile } from './model-file.ts';

interface ImportFlags {
  readonly out: string;
  readonly inputShape?: readonly number[];
  readonly json?: true;
}

/** The largest difference from the original that rounding explains, as a share of the largest output. */
const mostDifference = 1e-3;

export function importCommand(): Command {
  return new Command('import')
    .description(
      'Read a model made elsewhere, show its layers, compare it with the original on random input, write it.',
    )
    .argument('<file>', 'an .onnx file, such as PyTorch exports, or a .safetensors file of neurostitch')
    .requiredOption('--out <model>', 'the file, ending in .safetensors or .onnx; an older one is replaced')
    .option('--input-shape <sizes>', 'of one sample, such as 3,32,32, for a file that leaves it open', parseShape)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', helpExamples('import a.onnx --out imported.safetensors'))
    .action(run);
}

async function run(file: string, { out, inputShape, json }: ImportFlags): Promise<void> {
  requireModelPlace(out);
  const { trained, notes, original } = await readForeignModel(file, inputShape);
  const { network } = trained;
  const difference = original ? await compareWithOriginal(original, network) : null;
  if (difference && difference.relative > mostDifference) {
    const got = new Words(`a difference of ${difference.relative.toExponential(2)} of the largest`);
    throw expected('bad-model', 'the outputs of the original', got, file);
  }
  await writeModelFile(out, trained);
  const result = { model: out, ...costOf(network), notes, difference, layers: layerRows(network) };
  const compared = difference
    ? `Largest difference from the original: ${difference.relative.toExponential(2)} of the largest output, on ` +
      `${difference.samples} random samples`
    : 'Not compared: the file is one of ours';
  const lines = [layerTable(network), '', ...notes.map((note) => `Note: ${note}`), compared, `Model: ${out}`];
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : `${lines.join('\n')}\n`);
}

function parseShape(text: string): number[] {
  const sizes = text.split(/[,x]/).map(Number);
  if (!sizes.every((size) => Number.isSafeInteger(size) && size > 0))
    throw expected('bad-argument', 'whole numbers above 0 with commas between them', text, '--input-shape');
  return sizes;
}
