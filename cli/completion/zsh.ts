// Completion for zsh.
import type { CommandWords, OptionWords, Values } from './command-words.ts';

/** A script for a folder of $fpath, or for `source` once compinit has run. */
export function zshScript(program: string, commands: readonly CommandWords[]): string {
  return `#compdef ${program}
# Completion of ${program} for zsh. To load it: source <(${program} completion zsh)
_${program}() {
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _${program} ]]; then _${program} "$@"; else compdef _${program} ${program}; fi
`;
}

function commandCase({ name, options, values }: CommandWords): string {
  const specs = [...options.flatMap(optionSpecs), quoted(`*:argument:${action(values)}`)];
  return `    ${name}) _arguments \\\n${specs.map((spec) => `      ${spec}`).join(' \\\n')} ;;`;
}

function optionSpecs({ names, description, values }: OptionWords): string[] {
  const text = description.replace(/[[\]:\\]/g, '\\$&');
  const value = values === undefined ? '' : `:value:${action(values)}`;
  return names.map((name) => quoted(`${name}[${text}]${value}`));
}

function action(values: Values): string {
  if (values === 'file') return '_files';
  return values === 'other' ? ' ' : `(${values.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
