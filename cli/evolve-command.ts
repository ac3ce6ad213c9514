// neurostitch evolve: the main job.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { evolve, parseConfig, type EvolutionConfig, type EvolutionRun } from '../population/index.ts';
import { frontTable, writeReport } from '../report/index.ts';
import { expected } from '../src/errors.ts';
import { exitCodes } from './exit-codes.ts';
import { wholeNumber } from './option-values.ts';
import { showProgress } from './progress.ts';
import { summary } from './summary.ts';

interface EvolveFlags {
  readonly data?: string;
  readonly seed?: number;
  readonly generations?: number;
  readonly population?: number;
  readonly children?: number;
  readonly maxEvaluations?: number;
  readonly config?: string;
  readonly out?: string;
  readonly workers?: number;
  readonly json?: true;
  readonly quiet?: true;
}

export function evolveCommand(): Command {
  return new Command('evolve')
    .description('Train a first population, evolve it, and write a run folder with front, models and report.')
    .option('--data <name|folder>', 'data set: "digits" or a folder of IDX files (default: digits)')
    .option('--seed <n>', 'seed of every random draw (default: 1)', wholeNumber('--seed', -Infinity))
    .option('--generations <n>', 'generations after the first population', wholeNumber('--generations', 0))
    .option('--population <n>', 'individuals that survive each generation', wholeNumber('--population', 2))
    .option('--children <n>', 'children tried in each generation', wholeNumber('--children', 1))
    .option('--max-evaluations <n>', 'total number of evaluations', wholeNumber('--max-evaluations', 1))
    .option('--config <file>', 'settings as JSON; flags win over it')
    .option('--out <folder>', 'the run folder, new or empty (default: runs/DATA-seedN)')
    .option(
      '--workers <n>',
      'worker threads, 1 to 256 (default: one for each core, at most 8); the result does not depend on it',
      wholeNumber('--workers', 1),
    )
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
    .addHelpText('after', '\nExample:\n  neurostitch evolve --data digits --seed 1 --out runs/x --workers 2')
    .action(run);
}

async function run(flags: EvolveFlags): Promise<void> {
  const config = parseConfig(await settingsOf(flags));
  const out = flags.out ?? unusedFolder(config);
  const progress = showProgress(flags.quiet ? 'none' : process.stderr.isTTY ? 'bar' : 'lines');
  const stopping = new AbortController();
  // Only the first Ctrl-C is heard here; the next one ends the process at once.
  const stop = (): void => {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    progress.stop();
    stopping.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  let result: EvolutionRun;
  try {
    const options = { out, signal: stopping.signal, ...(flags.workers !== undefined && { workers: flags.workers }) };
    result = await evolve(config, options, progress.events);
  } finally {
    progress.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  const report = await writeReport(result.folder, result.record);
  if (flags.json) process.stdout.write(`${JSON.stringify({ ...summary(result), report }, null, 2)}\n`);
  else process.stdout.write(`\n${frontTable(result.front)}\n\n${inWords(result, report)}\n`);
  if (stopping.signal.aborted) process.exitCode = exitCodes.interrupted;
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
  return { ...(flags.config === undefined ? {} : await readConfig(flags.config)), ...set };
}

async function readConfig(path: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw expected('not-found', 'a readable config file', cause, path);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw expected('bad-config', 'a config file in JSON', cause, path);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw expected('bad-config', 'a JSON object', value, path);
  }
  return value;
}

function unusedFolder({ data, seed }: EvolutionConfig): string {
  const stem = join('runs', `${basename(data)}-seed${seed}`);
  let folder = stem;
  for (let count = 2; existsSync(folder); count++) folder = `${stem}-${count}`;
  return folder;
}

function inWords(result: EvolutionRun, report: string): string {
  const { improvements, endedBy, evaluations, hypervolume } = summary(result);
  const lines = improvements.flatMap(({ child, beaten }) => {
    const names = beaten.filter(({ onTest }) => onTest).map(({ name }) => name);
    return names.length > 0 ? [`${child} dominates ${names.join(', ')} on validation and on test.`] : [];
  });
  if (endedBy === 'interrupted') lines.push('Interrupted: what was committed is kept; nothing was tested yet.');
  lines.push(`${evaluations} evaluations, hypervolume ${hypervolume?.toFixed(4) ?? 'unknown'}.`);
  lines.push(`Report: ${report}`);
  return lines.join('\n');
}
