// neurostitch report: writes report.html into a run folder.
import { Command } from 'commander';
import { openRun } from '../population/index.ts';
import { writeReport } from '../report/index.ts';

export function reportCommand(): Command {
  return new Command('report')
    .description('Write report.html into a run folder, finished or not.')
    .argument('<run>', 'the run folder')
    .option('--json', 'print the path as JSON')
    .addHelpText('after', '\nExample:\n  neurostitch report runs/x')
    .action(async (folder: string, { json }: { json?: true }) => {
      const { record } = await openRun(folder);
      const report = await writeReport(folder, record);
      process.stdout.write(json ? `${JSON.stringify({ report })}\n` : `Report: ${report}\n`);
    });
}
