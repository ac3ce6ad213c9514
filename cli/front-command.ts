// neurostitch front: the Pareto front of a run, finished or not.
import { Command, Option } from 'commander';
import { openRun, type FrontMember } from '../population/index.ts';
import { frontCsv, frontMarkdown, frontTable } from '../report/index.ts';
import { helpExamples } from './help-examples.ts';

const forms = {
  json: (front: readonly FrontMember[]) => `${JSON.stringify(front, null, 2)}\n`,
  csv: frontCsv,
  md: frontMarkdown,
};

type FrontFlags = Partial<Record<keyof typeof forms, true>>;

export function frontCommand(): Command {
  return new Command('front')
    .description('Print the Pareto front of a run folder.')
    .argument('<run>', 'the run folder')
    .addOption(new Option('--json', 'print it as JSON, as in front.json').conflicts(['csv', 'md']))
    .addOption(new Option('--csv', 'print it as CSV, with unrounded values').conflicts('md'))
    .option('--md', 'print it as a Markdown table')
    .addHelpText('after', helpExamples('front runs/x', 'front runs/x --json'))
    .action(async (folder: string, flags: FrontFlags) => {
      const { front, record } = await openRun(folder);
      const [form] = Object.keys(flags) as (keyof typeof forms)[];
      process.stdout.write(form ? forms[form](front, record) : `${frontTable(front, record)}\n`);
    });
}
