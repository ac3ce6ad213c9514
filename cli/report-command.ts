// neurostitch report: writes report.html into a run folder, and pictures and tables of its front elsewhere.
import { Command } from 'commander';
import { openRun, type OpenedRun } from '../population/index.ts';
import { frontCsv, frontMarkdown, frontPng, frontSvg, writeReport, type ThemeName } from '../report/index.ts';
import { writeFileAtomically } from '../src/store/files.ts';
import { helpExamples } from './help-examples.ts';
import { choice } from './option-values.ts';
import { requirePlace } from './output-file.ts';

interface ReportFlags {
  readonly svg?: string;
  readonly png?: string;
  readonly theme: ThemeName;
  readonly csv?: string;
  readonly md?: string;
  readonly json?: true;
}

/** What can be written beside the report, by option. */
const extras = {
  svg: ({ record }: OpenedRun, { theme }: ReportFlags) => frontSvg(record, theme),
  png: ({ record }: OpenedRun, { theme }: ReportFlags) => frontPng(record, theme),
  csv: ({ front }: OpenedRun) => frontCsv(front),
  md: ({ front, record }: OpenedRun) => frontMarkdown(front, record),
};

const names = ['svg', 'png', 'csv', 'md'] as const;

export function reportCommand(): Command {
  return new Command('report')
    .description('Write report.html into a run folder, finished or not.')
    .argument('<run>', 'the run folder')
    .option('--svg <file>', 'write the plot of the front, too; like the other files, it replaces an older one')
    .option('--png <file>', 'write the plot of the front as PNG, too: 1520 x 920, for where SVG is not shown')
    .addOption(choice('--theme <name>', 'colours of these plots', ['light', 'dark']).default('light'))
    .option('--csv <file>', 'write the front as CSV, too, with unrounded values')
    .option('--md <file>', 'write the front as a Markdown table, too')
    .option('--json', 'print the paths as JSON')
    .addHelpText('after', helpExamples('report runs/x', 'report runs/x --svg front.svg --png front.png --md front.md'))
    .action(async (folder: string, flags: ReportFlags) => {
      // The extension keeps them away from the run's own files.
      for (const name of names) {
        const path = flags[name];
        if (path !== undefined) requirePlace(path, [`.${name}`]);
      }
      const run = await openRun(folder);
      const paths: Record<string, string> = { report: await writeReport(folder, run.record) };
      for (const name of names) {
        const path = flags[name];
        if (path === undefined) continue;
        await writeFileAtomically(path, extras[name](run, flags));
        paths[name] = path;
      }
      const lines = Object.values(paths).map((path, index) => `${index === 0 ? 'Report' : 'Also'}: ${path}\n`);
      process.stdout.write(flags.json ? `${JSON.stringify(paths)}\n` : lines.join(''));
    });
}
