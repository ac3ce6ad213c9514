// neurostitch resume: goes on with a run that was cut off.
import { Command } from 'commander';
import { resume } from '../population/index.ts';
import { carryOut, workersOption, type RunFlags } from './carry-out.ts';
import { wholeNumber } from './option-values.ts';

interface ResumeFlags extends RunFlags {
  readonly generations?: number;
  readonly maxEvaluations?: number;
  readonly allowChanges?: true;
}

export function resumeCommand(): Command {
  return new Command('resume')
    .description('Go on with a run that was cut off, as if it had not been.')
    .argument('<run>', 'the run folder')
    .option('--generations <n>', 'another number of generations', wholeNumber('--generations', 0))
    .option('--max-evaluations <n>', 'another total number of evaluations', wholeNumber('--max-evaluations', 1))
    .option('--allow-changes', 'let these two, given here or in its config.json, differ from what the run had')
    .option(...workersOption)
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      '\nExamples:\n  neurostitch resume runs/x\n  neurostitch resume runs/x --generations 20 --allow-changes',
    )
    .action(run);
}

async function run(folder: string, { json, quiet, ...options }: ResumeFlags): Promise<void> {
  const seen = { loading: false };
  await carryOut({ ...(json && { json }), ...(quiet && { quiet }) }, (signal, events) =>
    resume(
      folder,
      { ...options, signal },
      {
        ...events,
        onLoad(data) {
          seen.loading = true;
          events.onLoad?.(data);
        },
      },
    ),
  );
  if (!seen.loading && !quiet)
    process.stderr.write('This run is finished. For more of it: --generations N --allow-changes\n');
}
