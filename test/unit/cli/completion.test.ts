// The scripts in the shells that are installed here: what each offers where.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bashScript } from '../../../cli/completion/bash.ts';
import { commandWords } from '../../../cli/completion/command-words.ts';
import { fishScript } from '../../../cli/completion/fish.ts';
import { zshScript } from '../../../cli/completion/zsh.ts';
import { createProgram } from '../../../cli/program.ts';
import { engineCandidates } from '../../../src/engine/auto/engine-candidates.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-completion-'));
const commands = commandWords(createProgram());
const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
for (const [shell, script] of Object.entries(scripts))
  writeFileSync(join(folder, shell), script('neurostitch', commands));
writeFileSync(join(folder, 'model.onnx'), '');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Shell = keyof typeof scripts;
const has = (shell: Shell): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** What a shell offers in place of the last word, in `folder`. */
const offers: Readonly<Record<Shell, (...words: string[]) => string[]>> = {
  bash: (...words) =>
    run(
      'bash',
      `source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
      compopt() { unset 'default'; none=1; }
      _neurostitch; printf '%s\\n' "\${COMPREPLY[@]}"
      if ((\${#COMPREPLY[@]} == 0)) && [[ -z $none ]]; then compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"; fi`,
      words,
    ),
  // zsh completes on a terminal only: what a command is given there, once Tab has been pressed.
  zsh: (...words) => {
    const session = `zmodload zsh/zpty; zpty shell zsh -f -i
      zpty -w shell 'PS1=; autoload -U compinit; compinit -D -u; source ./zsh; neurostitch() print -r GO""T:$argv[-1]:'
      zpty -w shell "$*"$'\\t'
      zpty -r shell said '*GOT:*:*'; print -r -- \${\${said##*GOT:}%%:*}`;
    return run('zsh', session, words).filter((word) => word !== words.at(-1));
  },
  fish: (...words) => {
    const text = run('fish', 'source ./fish; complete -C "$argv"', words);
    return text.map((line) => line.split('\t', 1)[0]!);
  },
};

function run(shell: Shell, script: string, words: readonly string[]): string[] {
  const args = shell === 'fish' ? ['--no-config', '-c', script, ...words] : ['-c', script, shell, ...words];
  const text = execFileSync(shell, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, HOME: folder },
  });
  return text.split('\n').filter((line) => line !== '');
}

test('every command, option and choice is known', () => {
  expect(commands.map(({ name }) => name)).toEqual(createProgram().commands.map((own) => own.name()));
  const train = commands.find(({ name }) => name === 'train')!;
  const engine = train.options.find(({ names }) => names.includes('--engine'))!;
  expect(engine.values).toEqual(['auto', ...engineCandidates.map(({ name }) => name)]);
  expect(train.options.find(({ names }) => names.includes('--epochs'))!.values).toBe('other');
  expect(train.options.find(({ names }) => names.includes('--out'))!.values).toBe('file');
  expect(train.options.find(({ names }) => names.includes('--json'))!.values).toBeUndefined();
});

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  const offered = offers[shell];

  test.skipIf(!has(shell))('completes commands, options, choices and files', () => {
    expect(offered('neurostitch', 'ex')).toEqual(['export']);
    expect(offered('neurostitch', 'train', '--ep')).toEqual(['--epochs']);
    expect(offered('neurostitch', 'train', 'x', '--engine', 'onnx-w')).toEqual(['onnx-webgpu']);
    expect(offered('neurostitch', 'completion', 'z')).toEqual(['zsh']);
    expect(offered('neurostitch', 'inspect', 'mod')).toEqual(['model.onnx']);
    expect(offered('neurostitch', 'train', '--out', 'mod')).toEqual(['model.onnx']);
    expect(offered('neurostitch', 'train', '--epochs', 'mod')).toEqual([]);
    expect(offered('neurostitch', 'help', 'mut')).toEqual(['mutate']);
  });
});
