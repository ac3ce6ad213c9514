// What README, guide and --help show is run, one after the other, as a reader would; and --json prints what is documented.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { ensureBuilt, root } from '../helpers/command-line.ts';

/** Little to train on: what commands print needs no good networks. */
const settings = {
  generations: 1,
  populationSize: 4,
  children: 2,
  split: { validation: 0.1, test: 0.8 },
  training: { firstEpochs: 1, childEpochs: 1, fitSamples: 64 },
};

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-docs-'));
beforeAll(ensureBuilt);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A folder for a reader, where the package is found as if it had been installed. */
function newPlace(): string {
  const place = mkdtempSync(join(folder, 'reader-'));
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  writeFileSync(join(place, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(place, 'small.json'), JSON.stringify(settings));
  return place;
}

/** What makes a command quick; options win over a config file, and later ones over earlier ones. */
const quick: Readonly<Record<string, readonly string[]>> = {
  evolve: ['--config', 'small.json'],
  train: ['--epochs', '1'],
  stitch: ['--children', '6', '--tune', '2', '--epochs', '0'],
};

/** Runs what is behind `neurostitch` in a shell command; resolves to its standard output. */
async function run(place: string, command: string): Promise<string> {
  const [args, target] = command.split(' > ') as [string, string?];
  const words = args.split(/ +/);
  if (words[0] === 'serve') return serve(place, words);
  const given = words.includes('--config') ? [] : (quick[words[0]!] ?? []);
  const main = [join(root, 'dist/cli/main.js'), ...words, ...given];
  const { stdout } = await promisify(execFile)(process.execPath, main, { cwd: place, maxBuffer: 1e8 });
  if (target !== undefined) writeFileSync(join(place, target), stdout);
  // The config that init writes is one to be edited.
  if (words[0] === 'init') {
    const path = join(place, words.includes('--json') ? 'neurostitch.config.json' : 'neurostitch.config.ts');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/(generations|children|\w+Epochs)("?): \d+/g, '$1$2: 1'));
  }
  return stdout;
}

/** Serving ends with Ctrl-C. */
async function serve(place: string, words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'dist/cli/main.js'), ...words], { cwd: place });
  const exited = once(child, 'exit');
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGINT');
  expect((await exited)[0]).toBe(0);
  return text.toString();
}

test.each([[['README.md']], [['docs/guide.md', 'docs/run-folder.md']]])(
  '%j, one after the other: every block of TypeScript and every command runs',
  async (pages) => {
    const place = newPlace();
    const text = pages.map((page) => readFileSync(join(root, page), 'utf8')).join('');
    const blocks = [...text.matchAll(/^```(ts|sh)\n(.*?)^```$/gms)];
    expect(new Set(blocks.map(([, language]) => language))).toEqual(new Set(['ts', 'sh']));
    for (const [index, [, language, code]] of blocks.entries()) {
      const [, name] = /^\/\/ (\S+\.ts)\n/.exec(code!) ?? [];
      // A file to be saved under its name, for a command.
      if (name !== undefined) writeFileSync(join(place, name), code!);
      else if (language === 'ts') {
        const file = join(place, `block-${index}.ts`);
        writeFileSync(file, code!.replaceAll("from 'neurostitch'", `from '${join(root, 'index.ts')}'`));
        await promisify(execFile)(process.execPath, ['--import', 'tsx', file], { cwd: place });
      } else {
        for (const [, command] of code!.matchAll(/^npx neurostitch (.*)$/gm)) await run(place, command!);
      }
    }
  },
  180_000,
);

describe('--help', () => {
  const place = newPlace();
  const examplesOf = createProgram().commands.map((command): [string, string[]] => {
    let help = '';
    command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
    return [command.name(), [...help.matchAll(/^ {2}neurostitch (.*)$/gm)].map(([, example]) => example!)];
  });
  const byName = new Map(examplesOf);
  // Others use what these make.
  const first = ['init', 'train', 'evolve'];
  const ordered = [...first, ...byName.keys()].filter((name, index, all) => all.indexOf(name) === index);

  test.each(ordered)(
    'the examples of %s run as printed',
    async (name) => {
      const examples = byName.get(name)!;
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) await run(place, example);
    },
    120_000,
  );

  test('--json prints what cli/README.md says', async () => {
    const shapes: [type: string, command: string][] = [
      ['Front', 'front runs/x --json'],
      ['Result', 'evolve --out runs/json --seed 3 --json'],
      ['Result', 'resume runs/x --json'],
      ['Result', 'stitch a.onnx b.onnx --data digits --out runs/stitched-json --json'],
      ['Report', 'report runs/x --json'],
      ['Report', 'report runs/x --svg x.svg --png x.png --csv x.csv --md x.md --json'],
      ['Serving', 'serve runs/x --port 0 --json'],
      ['Exported', 'export runs/x ft7yqumm --out x.onnx --json'],
      ['Trained', 'train a.onnx --data digits --out x.onnx --json'],
      ['Inspected', 'inspect a.onnx --json'],
      ['Imported', 'import a.onnx --out x.safetensors --json'],
      ['Imported', 'import x.safetensors --out y.safetensors --json'],
      ['Mutated', 'mutate a.onnx --op widen-pair --out x.onnx --json'],
      ['Operators', 'mutate --list --json'],
      ['Applicable', 'mutate a.onnx --list --json'],
      ['Doctor', 'doctor --json'],
    ];
    const types = /^```ts\n(.*?)^```$/ms.exec(readFileSync(join(root, 'cli/README.md'), 'utf8'))![1]!;
    const documented = [...types.matchAll(/^\/\*\*.*`.*--json`.*\ntype (\w+)|^type (Trained|Serving)/gm)];
    expect(new Set(documented.map(([, name, other]) => name ?? other))).toEqual(new Set(shapes.map(([type]) => type)));
    const values: string[] = [];
    for (const [index, [type, command]] of shapes.entries())
      values.push(`const value${index}: ${type} = ${await run(place, command)};`);
    expect(faultsIn([types, ...values].join('\n'))).toEqual([]);
    // A key that is missing or unknown is a fault.
    const wrong = "const more: Exported = { model: 'a', file: 'a' }; const less: Serving = {};";
    expect(faultsIn(`${types}\n${wrong}`)).toHaveLength(2);
  }, 120_000);
});

/** What the compiler finds wrong with a module of its own. */
function faultsIn(text: string): string[] {
  const path = join(folder, 'shapes.ts');
  writeFileSync(path, `${text}\nexport {};\n`);
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: [],
    target: ts.ScriptTarget.ES2023,
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram([path], options))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
