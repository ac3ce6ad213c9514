// neurostitch front: the Pareto front of a run, finished or not.
import { Command } from 'commander';
import { openRun } from '../population/index.ts';
import { frontTable } from '../report/index.ts';

export function frontCommand(): Command {
  return new Command('front')
    .description('Print the Pareto front of a run folder.')
    .argument('<run>', 'the run folder')
    .option('--json', 'print it as JSON, as in front.json')
    .addHelpText('after', '\nExample:\n  neurostitch front runs/x --json')
    .action(async (folder: string, { json }: { json?: true }) => {
      const { front } = await openRun(folder);
      process.stdout.write(json ? `${JSON.stringify(front, null, 2)}\n` : `${frontTable(front)}\n`);
    });
}
