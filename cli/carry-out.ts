// Carries out a run from the terminal: progress, Ctrl-C, and in the end what came of it.
import { mostWorkers } from '../population/evaluation/worker-pool.ts';
import type { EvolutionEvents, EvolutionRun } from '../population/index.ts';
import { frontTable, writeReport } from '../report/index.ts';
import { shellWord } from '../report/shell-word.ts';
import { exitCodes } from './exit-codes.ts';
import { wholeNumber } from './option-values.ts';
import { showProgress } from './progress.ts';
import type { PartFlags } from './run-parts.ts';
import { figuresLine, outcomeLines, summary } from './summary.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** How a run is carried out and shown; none of this changes the result. */
export interface RunFlags {
  readonly workers?: number;
  readonly json?: true;
  readonly quiet?: true;
}

/** What `--workers` is, for commander. */
export const workersOption = [
  '--workers <n>',
  `worker threads, 1 to ${mostWorkers} (default: one for each core, at most 8); the result does not depend on it`,
  wholeNumber('--workers', 1, mostWorkers),
] as const;

/** `work` is given a signal that the first Ctrl-C aborts. Sets the exit code, and throws what `work` throws. */
export async function carryOut(
  flags: RunFlags & PartFlags,
  work: (signal: AbortSignal, events: EvolutionEvents) => Promise<EvolutionRun>,
): Promise<void> {
  const progress = showProgress(flags.quiet ? 'none' : process.stderr.isTTY ? 'bar' : 'lines');
  await untilInterrupted(
    () => {
      progress.stop();
    },
    async (signal) => {
      let result: EvolutionRun;
      try {
        result = await work(signal, progress.events);
      } finally {
        progress.stop();
      }
      const report = await writeReport(result.folder, result.record);
      if (flags.json) process.stdout.write(`${JSON.stringify({ ...summary(result), report }, null, 2)}\n`);
      else process.stdout.write(`\n${frontTable(result.front, result.record)}\n\n${inWords(result, report, flags)}\n`);
      // A signal that came when the run had ended has stopped nothing.
      if (result.record.end?.reason === 'interrupted') process.exitCode = exitCodes.interrupted;
    },
  );
}

/** The command, with what it must be given again. */
function resumption(folder: string, { first = [], config }: PartFlags): string {
  const words = ['neurostitch', 'resume', folder];
  if (config !== undefined) words.push('--config', config);
  if (first.length > 0) words.push('--first', ...first);
  return words.map(shellWord).join(' ');
}

function inWords(result: EvolutionRun, report: string, flags: PartFlags): string {
  const outcome = summary(result);
  const { endedBy, folder } = outcome;
  const lines = outcomeLines(outcome);
  if (endedBy === 'interrupted') lines.push(`To go on: ${resumption(folder, flags)}`);
  if (endedBy === 'exhausted') lines.push('Ended early: no child could be made of the last population.');
  lines.push(figuresLine(result));
  lines.push(`Report: ${report}`);
  return lines.join('\n');
}
