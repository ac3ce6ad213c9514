// The program's commands; a new one is listed here.
import { Command } from 'commander';
import { packageVersion } from '../src/package-root.ts';
import { completionCommand } from './completion-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { evolveCommand } from './evolve-command.ts';
import { exportCommand } from './export-command.ts';
import { frontCommand } from './front-command.ts';
import { helpCommand } from './help-command.ts';
import { importCommand } from './import-command.ts';
import { initCommand } from './init-command.ts';
import { inspectCommand } from './inspect-command.ts';
import { mutateCommand } from './mutate-command.ts';
import { reportCommand } from './report-command.ts';
import { resumeCommand } from './resume-command.ts';
import { serveCommand } from './serve-command.ts';
import { stitchCommand } from './stitch-command.ts';
import { trainCommand } from './train-command.ts';

/** The whole command line, not yet parsed. Its commands throw what they cannot do, commander's errors included. */
export function createProgram(): Command {
  const program = new Command('neurostitch')
    .description('Evolve trained neural networks without starting over: a Pareto front of error versus cost.')
    .version(packageVersion())
    .showHelpAfterError('(neurostitch COMMAND --help shows the options)')
    .addCommand(initCommand())
    .addCommand(evolveCommand())
    .addCommand(resumeCommand())
    .addCommand(trainCommand())
    .addCommand(stitchCommand())
    .addCommand(mutateCommand())
    .addCommand(frontCommand())
    .addCommand(reportCommand())
    .addCommand(serveCommand())
    .addCommand(inspectCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(doctorCommand())
    .addCommand(completionCommand());
  program.addCommand(helpCommand(program));
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}
