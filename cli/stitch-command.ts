// neurostitch stitch: two trained models in, a front of recombined ones out.
import { Command, Option } from 'commander';
import type { EvolutionRun } from '../population/index.ts';
import { frontTable, writeReport } from '../report/index.ts';
import { searchAlgorithms, type SearchAlgorithmName } from '../stitching/index.ts';
import { exitCodes } from './exit-codes.ts';
import { wholeNumber } from './option-values.ts';
import { stitchModels } from './stitch-run.ts';
import { summary } from './summary.ts';

interface StitchFlags {
  readonly data: string;
  readonly out: string;
  readonly seed: number;
  readonly search: SearchAlgorithmName;
  readonly children: number;
  readonly tune: number;
  readonly epochs: number;
  readonly workers?: number;
  readonly json?: true;
  readonly quiet?: true;
}

export function stitchCommand(): Command {
  return new Command('stitch')
    .description('Recombine two trained models: a Pareto front of their children, with report and ONNX files.')
    .argument('<a>', 'an ONNX file')
    .argument('<b>', 'another, of the same input and output')
    .requiredOption('--data <name|folder>', 'what both were trained for: "digits" or a folder of IDX files')
    .requiredOption('--out <folder>', 'the run folder, new or empty')
    .option('--seed <n>', 'seed of every random draw', wholeNumber('--seed', -Infinity), 1)
    .addOption(
      new Option('--search <name>', 'how children are looked for')
        .choices(Object.keys(searchAlgorithms))
        .default('crossings'),
    )
    .option('--children <n>', 'children evaluated as they are fitted', wholeNumber('--children', 1), 100)
    .option('--tune <n>', 'of these, how many have their stitches trained', wholeNumber('--tune', 2), 16)
    .option('--epochs <n>', 'epochs of that training', wholeNumber('--epochs', 0), 2)
    .option(
      '--workers <n>',
      'worker threads, 1 to 256 (default: one for each core, at most 8); the result does not depend on it',
      wholeNumber('--workers', 1),
    )
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
    .addHelpText('after', '\nExample:\n  neurostitch stitch a.onnx b.onnx --data digits --out runs/stitched')
    .action((a: string, b: string, flags: StitchFlags) => run([a, b], flags));
}

async function run(models: readonly [string, string], flags: StitchFlags): Promise<void> {
  const { out, workers, json, quiet, ...settings } = flags;
  const stopping = new AbortController();
  // Only the first Ctrl-C is heard here; the next one ends the process at once.
  const stop = (): void => {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    stopping.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const say = (line: string): void => {
    if (!quiet && !stopping.signal.aborted) process.stderr.write(`${line}\n`);
  };
  let result: EvolutionRun;
  try {
    const options = { out, signal: stopping.signal, say, ...(workers !== undefined && { workers }) };
    result = await stitchModels(models, settings, options);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  const report = await writeReport(result.folder, result.record);
  if (json) process.stdout.write(`${JSON.stringify({ ...summary(result), report }, null, 2)}\n`);
  else process.stdout.write(`\n${frontTable(result.front)}\n\n${inWords(result)}Report: ${report}\n`);
  if (stopping.signal.aborted) process.exitCode = exitCodes.interrupted;
}

/** Which models were surpassed, on validation and on test. */
function inWords(result: EvolutionRun): string {
  return summary(result)
    .improvements.flatMap(({ child, beaten }) => {
      const names = beaten.filter(({ onTest }) => onTest).map(({ name }) => name);
      return names.length > 0 ? [`${child} dominates ${names.join(', ')} on validation and on test.\n`] : [];
    })
    .join('');
}
