// neurostitch train: a network on a data set, new or trained already, into a model file.
import { Command } from 'commander';
import { engineCandidates } from '../src/engine/auto/engine-candidates.ts';
import { counted } from '../report/number-text.ts';
import type { Metrics } from '../src/training/evaluate.ts';
import { exitCodes } from './exit-codes.ts';
import { helpExamples } from './help-examples.ts';
import { choice, numberWhere, wholeNumber } from './option-values.ts';
import { optimisers, trainModel, type TrainOutcome, type TrainSettings } from './train-run.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface TrainFlags extends TrainSettings {
  readonly json?: true;
  readonly quiet?: true;
}

export function trainCommand(): Command {
  const engines = ['auto', ...engineCandidates.map(({ name }) => name)];
  const rate = numberWhere('--learning-rate', 'a number above 0', (value) => value > 0);
  const share = numberWhere('--smoothing', 'a share from 0 to below 1', (value) => value >= 0 && value < 1);
  return new Command('train')
    .description('Train a network on a data set and write it as ONNX, or as safetensors with its training state.')
    .argument('<model>', 'a model file to train on from, or the name of a first network, such as cnn-8-16')
    .requiredOption('--data <name|folder>', '"digits" or a folder of IDX files')
    .requiredOption('--out <file>', 'the file, ending in .onnx or .safetensors; an older one is replaced')
    .option(
      '--seed <n>',
      'seed of every random draw, and of how the data is split',
      wholeNumber('--seed', -Infinity),
      1,
    )
    .option('--epochs <n>', 'passes over the training samples', wholeNumber('--epochs', 1), 20)
    .option('--batch-size <n>', 'samples in a step', wholeNumber('--batch-size', 1), 32)
    .option('--learning-rate <x>', 'at its peak, behind a warm-up', rate, 0.004)
    .addOption(choice('--optimiser <name>', 'sgd has a momentum of 0.9', Object.keys(optimisers)).default('adam'))
    .option('--smoothing <x>', 'of the labels: this share goes to all classes alike', share, 0)
    .option('--patience <n>', 'stop after so many epochs without a lower loss', wholeNumber('--patience', 1))
    .addOption(choice('--engine <name>', 'what computes; see doctor', engines).default('onnx-cpu'))
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      helpExamples('train cnn-8-16 --data digits --out a.onnx', 'train resnet-12 --data digits --out b.onnx'),
    )
    .action(run);
}

async function run(model: string, { json, quiet, ...settings }: TrainFlags): Promise<void> {
  const say = (line: string): void => {
    if (!quiet) process.stderr.write(`${line}\n`);
  };
  const result = await untilInterrupted(
    () => {
      say('Stopping after this step; the model is written as it is then, unless Ctrl-C comes again');
    },
    (signal) => trainModel(model, settings, { signal, say }),
  );
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : inWords(result));
  if (result.interrupted) process.exitCode = exitCodes.interrupted;
}

function inWords({ model, epochs, validation, test }: TrainOutcome): string {
  if (!validation || !test)
    return `Interrupted after ${counted(epochs, 'whole epoch')}: the model is kept as it was, and not measured.\nModel: ${model}\n`;
  const accuracy = ({ error }: Metrics): string => `${(100 * (1 - error)).toFixed(2)} %`;
  return `Accuracy: ${accuracy(validation)} on validation, ${accuracy(test)} on test samples\nModel: ${model}\n`;
}
