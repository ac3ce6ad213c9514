#!/usr/bin/env node
// The command line: reads arguments, runs a command, and turns errors into one line and an exit code.
import { Command, CommanderError } from 'commander';
import { NeurostitchError, ofSystem } from '../src/errors.ts';
import { packageVersion } from '../src/package-root.ts';
import { doctorCommand } from './doctor-command.ts';
import { evolveCommand } from './evolve-command.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { exportCommand } from './export-command.ts';
import { frontCommand } from './front-command.ts';
import { inspectCommand } from './inspect-command.ts';
import { mutateCommand } from './mutate-command.ts';
import { reportCommand } from './report-command.ts';
import { resumeCommand } from './resume-command.ts';
import { stitchCommand } from './stitch-command.ts';
import { trainCommand } from './train-command.ts';

const program = new Command('neurostitch')
  .description('Evolve trained neural networks without starting over: a Pareto front of error versus cost.')
  .version(packageVersion())
  .showHelpAfterError('(neurostitch COMMAND --help shows the options)')
  .addCommand(evolveCommand())
  .addCommand(resumeCommand())
  .addCommand(trainCommand())
  .addCommand(stitchCommand())
  .addCommand(mutateCommand())
  .addCommand(frontCommand())
  .addCommand(reportCommand())
  .addCommand(inspectCommand())
  .addCommand(exportCommand())
  .addCommand(doctorCommand());

for (const command of [program, ...program.commands]) command.exitOverride();

// Who reads may go away at any time (`| head -1`): that ends neither a run nor its journal.
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.exitCode = report(ofSystem(error, 'standard output'));
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  // commander has printed its message already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof NeurostitchError) {
    process.stderr.write(`error: ${error.message}\n`);
    return exitCodeOf(error.code);
  }
  process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.failed;
}
