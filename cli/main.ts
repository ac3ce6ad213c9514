#!/usr/bin/env node
// The command line: reads arguments, runs a command, and turns errors into one line and an exit code.
import { CommanderError } from 'commander';
import { NeurostitchError, ofSystem } from '../src/errors.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';

// Who reads may go away at any time (`| head -1`): that ends neither a run nor its journal.
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.exitCode = report(ofSystem(error, 'standard output'));
});

try {
  await createProgram().parseAsync();
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
