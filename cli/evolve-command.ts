// neurostitch evolve: the main job.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { evolve, parseConfig, type EvolutionConfig } from '../population/index.ts';
import { mostChildren } from '../population/config.ts';
import { readSettings } from '../population/read-settings.ts';
import { carryOut, workersOption, type RunFlags } from './carry-out.ts';
import { wholeNumber } from './option-values.ts';

interface EvolveFlags extends RunFlags {
  readonly data?: string;
  readonly seed?: number;
  readonly generations?: number;
  readonly population?: number;
  readonly children?: number;
  readonly maxEvaluations?: number;
  readonly config?: string;
  readonly out?: string;
}

export function evolveCommand(): Command {
  return new Command('evolve')
    .description('Train a first population, evolve it, and write a run folder with front, models and report.')
    .option('--data <name|folder>', 'data set: "digits" or a folder of IDX files (default: digits)')
    .option('--seed <n>', 'seed of every random draw (default: 1)', wholeNumber('--seed', -Infinity))
    .option('--generations <n>', 'generations after the first population', wholeNumber('--generations', 0))
    .option('--population <n>', 'individuals that survive each generation', wholeNumber('--population', 2))
    .option('--children <n>', 'children tried in each generation', wholeNumber('--children', 1, mostChildren))
    .option('--max-evaluations <n>', 'total number of evaluations', wholeNumber('--max-evaluations', 1))
    .option('--config <file>', 'settings as JSON; flags win over it')
    .option('--out <folder>', 'the run folder, new or empty (default: runs/DATA-seedN)')
    .option(...workersOption)
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
    .addHelpText('after', '\nExample:\n  neurostitch evolve --data digits --seed 1 --out runs/x --workers 2')
    .action(run);
}

async function run(flags: EvolveFlags): Promise<void> {
  const config = parseConfig(await settingsOf(flags));
  const out = flags.out ?? unusedFolder(config);
  const { workers } = flags;
  await carryOut(flags, (signal, events) =>
    evolve(config, { out, signal, ...(workers !== undefined && { workers }) }, events),
  );
}

/** The config file's settings with the flags laid over them, unchecked. */
async function settingsOf(flags: EvolveFlags): Promise<object> {
  const given = {
    data: flags.data,
    seed: flags.seed,
    generations: flags.generations,
    populationSize: flags.population,
    children: flags.children,
    maxEvaluations: flags.maxEvaluations,
  };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...(flags.config === undefined ? {} : await readSettings(flags.config)), ...set };
}

function unusedFolder({ data, seed }: EvolutionConfig): string {
  const stem = join('runs', `${basename(data)}-seed${seed}`);
  let folder = stem;
  for (let count = 2; existsSync(folder); count++) folder = `${stem}-${count}`;
  return folder;
}
