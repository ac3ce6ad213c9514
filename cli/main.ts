#!/usr/bin/env node
// The command line: reads arguments, runs a command, and turns errors into one line and an exit code.
import { Command, CommanderError } from 'commander';
import { NeurostitchError, type ErrorCode } from '../src/errors.ts';
import { packageVersion } from '../src/package-root.ts';
import { evolveCommand } from './evolve-command.ts';
import { frontCommand } from './front-command.ts';
import { reportCommand } from './report-command.ts';

/** What the user can mend by giving something else: exit code 2; everything else that fails is 1. */
const usageErrors: ReadonlySet<ErrorCode> = new Set([
  'bad-argument',
  'bad-config',
  'bad-data',
  'bad-model',
  'bad-network',
  'bad-run',
  'not-found',
  'out-exists',
]);

const program = new Command('neurostitch')
  .description('Evolve trained neural networks without starting over: a Pareto front of error versus cost.')
  .version(packageVersion())
  .showHelpAfterError('(neurostitch COMMAND --help shows the options)')
  .addCommand(evolveCommand())
  .addCommand(frontCommand())
  .addCommand(reportCommand());

for (const command of [program, ...program.commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  // commander has printed its message already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof NeurostitchError) {
    process.stderr.write(`error: ${error.message}\n`);
    return usageErrors.has(error.code) ? 2 : 1;
  }
  process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
