// neurostitch help: how the program or one of its commands is used; unlike commander's own it minds a name it does not know.
import { Command } from 'commander';
import { helpExamples } from './help-examples.ts';
import { choiceArgument } from './option-values.ts';

/** For a program that has all its other commands. */
export function helpCommand(program: Command): Command {
  const names = program.commands.map((command) => command.name());
  return new Command('help')
    .description('Print how this program, or one of its commands, is used.')
    .addArgument(choiceArgument('[command]', 'which command', names))
    .addHelpText('after', helpExamples('help evolve'))
    .action((name?: string) => {
      (program.commands.find((command) => command.name() === name) ?? program).help();
    });
}
