// Completion for fish.
import type { CommandWords, OptionWords, Values } from './command-words.ts';

/** A script for `source`, or for ~/.config/fish/completions. */
export function fishScript(program: string, commands: readonly CommandWords[]): string {
  const rule = (condition: string, rest: string): string => `complete -c ${program} -n '${condition}' ${rest}`;
  const lines = commands.flatMap(({ name, description, options, values }) => {
    const here = `__fish_seen_subcommand_from ${name}`;
    return [
      rule('__fish_use_subcommand', `-f -a ${name} -d ${quoted(description)}`),
      ...(typeof values === 'string' ? [] : [rule(here, `-f -a ${quoted(values.join(' '))}`)]),
      ...options.map((option) => rule(here, optionRule(option))),
    ];
  });
  return `# Completion of ${program} for fish. To load it: ${program} completion fish | source\n${lines.join('\n')}\n`;
}

function optionRule({ names, description, values }: OptionWords): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  return [...flags, ...valueRule(values), `-d ${quoted(description)}`].join(' ');
}

function valueRule(values: Values | undefined): string[] {
  if (values === undefined) return [];
  if (values === 'file') return ['-r', '-F'];
  return values === 'other' ? ['-x'] : ['-x', `-a ${quoted(values.join(' '))}`];
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
