// Completion for bash.
import type { CommandWords, OptionWords } from './command-words.ts';

/** A script for `source`: bash offers commands, then options and their values, else files. */
export function bashScript(program: string, commands: readonly CommandWords[]): string {
  const words = commands.map(({ name }) => name).join(' ');
  return `# Completion of ${program} for bash. To load it: source <(${program} completion bash)
_${program}() {
  local word=\${COMP_WORDS[COMP_CWORD]} last=\${COMP_WORDS[COMP_CWORD - 1]} words=
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${words}' -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]} $last" in
${commands.flatMap(({ name, options }) => options.flatMap((option) => valueCase(name, option))).join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${commands.map(commandCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _${program} ${program}
`;
}

/** What follows an option that takes a value; no reply leaves files to bash, unless told not to. */
function valueCase(command: string, { names, values }: OptionWords): string[] {
  if (values === undefined) return [];
  const reply =
    values === 'file'
      ? 'COMPREPLY=()'
      : values === 'other'
        ? 'compopt +o default'
        : `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$word"))`;
  return [`    ${names.map((name) => `'${command} ${name}'`).join(' | ')}) ${reply}; return ;;`];
}

function commandCase({ name, options, values }: CommandWords): string {
  const names = options.flatMap((option) => option.names).join(' ');
  const others = typeof values === 'string' ? '' : values.join(' ');
  return `    ${name}) if [[ $word == -* ]]; then words='${names}'; else words='${others}'; fi ;;`;
}
