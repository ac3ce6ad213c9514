// What can be typed after a command, read off commander's tree: the same for all shells.
import type { Command, Option } from 'commander';

/** What may follow an option or a command: one of these words, a file or folder, or what no shell can guess. */
export type Values = readonly string[] | 'file' | 'other';

/** One option of a command. */
export interface OptionWords {
  /** With dashes, such as `--seed`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Undefined for an option without a value. */
  readonly values: Values | undefined;
}

/** One command with its options. */
export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  readonly values: Values;
}

/** The commands of a program. */
export function commandWords(program: Command): CommandWords[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({
      name: command.name(),
      description: command.description(),
      options: command.createHelp().visibleOptions(command).map(optionWords),
      values: command.registeredArguments[0]?.argChoices ?? 'file',
    }));
}

function optionWords(option: Option): OptionWords {
  const takesValue = option.required || option.optional;
  return {
    names: [option.short, option.long].filter((name) => name !== undefined),
    description: option.description,
    values: takesValue
      ? (option.argChoices ?? (/<(n|x|key=value...)>/.test(option.flags) ? 'other' : 'file'))
      : undefined,
  };
}
