// neurostitch evolve: the main job.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { evolve, parseConfig, type EvolutionConfig } from '../population/index.ts';
import { carryOut, workersOption, type RunFlags } from './carry-out.ts';
import { configOption } from './config-file.ts';
import { helpExamples } from './help-examples.ts';
import { firstOption, readParts, type PartFlags } from './run-parts.ts';
import { plainSettings, settingOptions, settingsIn } from './setting-options.ts';

interface EvolveFlags extends RunFlags, PartFlags {
  readonly out?: string;
}

export function evolveCommand(): Command {
  const command = new Command('evolve').description(
    'Train a first population, evolve it, and write a run folder with front, models and report.',
  );
  for (const option of settingOptions(plainSettings())) command.addOption(option);
  return command
    .option(...configOption)
    .option(...firstOption)
    .option('--out <folder>', 'the run folder, new or empty (default: runs/DATA-seedN)')
    .option(...workersOption)
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      helpExamples(
        'evolve --data digits --seed 1 --out runs/x --workers 2',
        'evolve --config neurostitch.config.ts --seed 2',
        'evolve --first a.onnx b.onnx --out runs/from-mine',
      ),
    )
    .action(run);
}

async function run(flags: EvolveFlags): Promise<void> {
  const { settings, parts } = await readParts(flags);
  const config = parseConfig({ ...settings, ...settingsIn(flags) });
  const out = flags.out ?? unusedFolder(config);
  const { workers } = flags;
  await carryOut(flags, (signal, events) =>
    evolve(config, { ...parts, out, signal, ...(workers !== undefined && { workers }) }, events),
  );
}

function unusedFolder({ data, seed }: EvolutionConfig): string {
  const stem = join('runs', `${basename(data)}-seed${seed}`);
  let folder = stem;
  for (let count = 2; existsSync(folder); count++) folder = `${stem}-${count}`;
  return folder;
}
