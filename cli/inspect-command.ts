// neurostitch inspect: a network layer by layer.
import { statSync } from 'node:fs';
import { Command } from 'commander';
import { openRun } from '../population/index.ts';
import { layerRows, layerTable } from '../report/index.ts';
import { expected, Words } from '../src/errors.ts';
import { costOf } from '../src/network/cost.ts';
import type { Network } from '../src/network/network.ts';
import { helpExamples } from './help-examples.ts';
import { readModelFile } from './model-file.ts';

export function inspectCommand(): Command {
  return new Command('inspect')
    .description('Print the layers of a network: kind, output shape, parameters, multiply-accumulates, settings.')
    .argument('<model>', 'an ONNX or safetensors file, or a run folder')
    .argument('[id]', 'of a run folder, the id of the individual')
    .option('--json', 'print it as JSON')
    .addHelpText('after', helpExamples('inspect a.onnx', 'inspect runs/x ft7yqumm --json'))
    .action(async (model: string, id: string | undefined, { json }: { json?: true }) => {
      const network = await networkOf(model, id);
      if (json)
        process.stdout.write(`${JSON.stringify({ ...costOf(network), layers: layerRows(network) }, null, 2)}\n`);
      else process.stdout.write(`${layerTable(network)}\n`);
    });
}

async function networkOf(model: string, id: string | undefined): Promise<Network> {
  const isFolder = statSync(model, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder) {
    if (id !== undefined) throw expected('bad-argument', 'a run folder before an id', model, 'model');
    return (await readModelFile(model)).network;
  }
  const run = await openRun(model);
  if (id !== undefined) return (await run.model(id)).network;
  const ids = run.front.map((member) => member.id).join(', ');
  throw expected(
    'bad-argument',
    'the id of an individual behind a run folder',
    new Words(`none (the front: ${ids})`),
    'id',
  );
}
