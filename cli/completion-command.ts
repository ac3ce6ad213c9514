// neurostitch completion: a script with which a shell completes commands, options and their values.
import { Command } from 'commander';
import { bashScript } from './completion/bash.ts';
import { commandWords } from './completion/command-words.ts';
import { fishScript } from './completion/fish.ts';
import { zshScript } from './completion/zsh.ts';
import { helpExamples } from './help-examples.ts';
import { choiceArgument } from './option-values.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

export function completionCommand(): Command {
  return new Command('completion')
    .description('Print a script that lets a shell complete commands, options and their values.')
    .addArgument(choiceArgument('<shell>', 'which shell', Object.keys(scripts)))
    .addHelpText('after', helpExamples('completion bash > neurostitch-completion.bash'))
    .action((shell: keyof typeof scripts, _flags: object, command: Command) => {
      const program = command.parent!;
      process.stdout.write(scripts[shell](program.name(), commandWords(program)));
    });
}
