// neurostitch resume: goes on with a run that was cut off.
import { Command } from 'commander';
import { limitNames } from '../population/config.ts';
import { resume } from '../population/index.ts';
import { carryOut, workersOption, type RunFlags } from './carry-out.ts';
import { configOption } from './config-file.ts';
import { helpExamples } from './help-examples.ts';
import { firstOption, namingOptions, readParts, type PartFlags } from './run-parts.ts';
import { settingOptions, settingsIn } from './setting-options.ts';

interface ResumeFlags extends RunFlags, PartFlags {
  readonly allowChanges?: true;
}

export function resumeCommand(): Command {
  const command = new Command('resume')
    .description('Go on with a run that was cut off, as if it had not been.')
    .argument('<run>', 'the run folder');
  for (const option of settingOptions(limitNames)) command.addOption(option);
  const [first] = firstOption;
  const [config] = configOption;
  return command
    .option('--allow-changes', 'let limits, given here or in its config.json, differ from what the run had')
    .option(first, 'the models that the run was started from, again')
    .option(config, 'the config module that gave the run its parts, again; its settings are not read')
    .option(...workersOption)
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
    .addHelpText('after', helpExamples('resume runs/x', 'resume runs/x --generations 12 --allow-changes'))
    .action(run);
}

async function run(folder: string, flags: ResumeFlags): Promise<void> {
  const { workers, allowChanges, quiet } = flags;
  const { parts } = await readParts(flags);
  const options = {
    ...parts,
    ...settingsIn(flags),
    ...(workers !== undefined && { workers }),
    ...(allowChanges && { allowChanges }),
  };
  const seen = { loading: false };
  await carryOut(flags, (signal, events) =>
    namingOptions(folder, parts, () =>
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
    ),
  );
  if (!seen.loading && !quiet)
    process.stderr.write('This run is finished. For more of it: --generations N --allow-changes\n');
}
