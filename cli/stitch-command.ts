// neurostitch stitch: two trained models in, a front of recombined ones out.
import { Command } from 'commander';
import {
  recombine,
  type NamedModel,
  type RecombinationEvents,
  type RecombinationSettings,
  type RunStarted,
} from '../population/index.ts';
import { frontTable, writeReport } from '../report/index.ts';
import { searchAlgorithms } from '../stitching/index.ts';
import { workersOption, type RunFlags } from './carry-out.ts';
import { exitCodes } from './exit-codes.ts';
import { helpExamples } from './help-examples.ts';
import { hypervolumeNote } from './hypervolume-box.ts';
import { readNamedModel } from './model-file.ts';
import { choice, wholeNumber } from './option-values.ts';
import { figuresLine, outcomeLines, summary } from './summary.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface StitchFlags extends RunFlags, RecombinationSettings {
  readonly out: string;
}

export function stitchCommand(): Command {
  return new Command('stitch')
    .description(
      'Recombine two trained models: a Pareto front of their children, with report and ONNX files. Not resumable.',
    )
    .argument('<a>', 'a model file, .onnx or .safetensors')
    .argument('<b>', 'another, of the same input and output')
    .requiredOption('--data <name|folder>', 'what both were trained for: "digits" or a folder of IDX files')
    .requiredOption('--out <folder>', 'the run folder, new or empty')
    .option('--seed <n>', 'seed of every random draw', wholeNumber('--seed', -Infinity), 1)
    .addOption(
      choice('--search <name>', 'how children are looked for', Object.keys(searchAlgorithms)).default('crossings'),
    )
    .option('--children <n>', 'children evaluated as they are fitted', wholeNumber('--children', 1), 100)
    .option('--tune <n>', 'of these, how many have their stitches trained', wholeNumber('--tune', 2), 16)
    .option('--epochs <n>', 'epochs of that training', wholeNumber('--epochs', 0), 2)
    .option('--no-rungs', 'validate every child on all samples, not only while it may be on the front')
    .option(...workersOption)
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
    .addHelpText('after', helpExamples('stitch a.onnx b.onnx --data digits --out runs/stitched'))
    .action((a: string, b: string, flags: StitchFlags) => run([a, b], flags));
}

async function run([a, b]: readonly [string, string], flags: StitchFlags): Promise<void> {
  const { out, workers, json, quiet, ...settings } = flags;
  const models: [NamedModel, NamedModel] = [await readNamedModel(a), await readNamedModel(b)];
  let silent = quiet ?? false;
  const say = (line: string): void => {
    if (!silent) process.stderr.write(`${line}\n`);
  };
  const hush = (): void => void (silent = true);
  await untilInterrupted(hush, async (signal) => {
    const options = { out, signal, ...(workers !== undefined && { workers }) };
    const result = await recombine(models, settings, options, progress(say));
    const report = await writeReport(result.folder, result.record);
    if (json) process.stdout.write(`${JSON.stringify({ ...summary(result), report }, null, 2)}\n`);
    else {
      const lines = [...outcomeLines(summary(result)), figuresLine(result), `Report: ${report}`];
      process.stdout.write(`\n${frontTable(result.front, result.record)}\n\n${lines.join('\n')}\n`);
    }
    if (result.record.end?.reason === 'interrupted') process.exitCode = exitCodes.interrupted;
  });
}

/** The run in lines, one for each step and each batch of children. */
function progress(say: (line: string) => void): RecombinationEvents {
  const steps = ['Evaluating both models', undefined, 'Training the stitches of the best'];
  let least = Infinity;
  let started: RunStarted;
  return {
    onLoad(data) {
      say(`Loading ${data}`);
    },
    onStart(start) {
      started = start;
    },
    onFit(stitches) {
      say(`Fitting ${stitches} stitches, then evaluating children`);
    },
    onEvaluate(generation, networks) {
      const step = steps[generation];
      if (step !== undefined) say(`${step}: ${networks} networks`);
    },
    onIndividual({ evaluation, validation }, { index, total }) {
      least = Math.min(least, validation?.error ?? Infinity);
      if (index === total) say(`  ${evaluation} networks evaluated`);
    },
    onGeneration(ended) {
      const { front, hypervolume, generation } = ended;
      const best = (100 * least).toFixed(2);
      say(`  front of ${front.length}, best validation error ${best} %, hypervolume ${hypervolume.toFixed(4)}`);
      if (generation === 0) say(hypervolumeNote(started, ended));
    },
    onTest(members) {
      say(`Testing ${members} networks`);
    },
  };
}
