// The command line as a user meets it: results on standard output, one-line errors, exit codes, Ctrl-C.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FrontMember } from '../../population/index.ts';
import { ensureBuilt, neurostitch, root, start, type Outcome } from '../helpers/command-line.ts';
import { journalOf, smallSettings } from '../helpers/small-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-cli-'));
const config = join(folder, 'small.json');
const untrained = join(folder, 'untrained.json');
const longRun = join(folder, 'long.json');
const run = join(folder, 'run');

beforeAll(async () => {
  await ensureBuilt();
  writeFileSync(config, JSON.stringify(smallSettings));
  writeFileSync(longRun, JSON.stringify({ training: { firstEpochs: 1 } }));
  writeFileSync(untrained, JSON.stringify({ generations: 0, training: { firstEpochs: 0 } }));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('dist/ has what users need, and nothing else', () => {
  const files = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(root, 'dist', name)).isFile(),
  );
  const strange = files.filter((name) => !existsSync(join(root, name.replace(/(\.d\.ts|\.js)$/, '.ts'))));
  expect(strange).toEqual([]);
});

describe('a run', () => {
  let evolved: Outcome;
  beforeAll(async () => {
    evolved = await neurostitch([
      'evolve',
      '--config',
      config,
      '--seed',
      '5',
      '--out',
      run,
      '--workers',
      '2',
      '--json',
    ]);
  });

  test('evolve --json prints the result and nothing else on standard output', () => {
    expect(evolved.code).toBe(0);
    const result = JSON.parse(evolved.stdout) as { front: FrontMember[]; endedBy: string; report: string };
    expect(result.endedBy).toBe('generations');
    expect(result.front).toEqual(JSON.parse(readFileSync(join(run, 'front.json'), 'utf8')));
    expect(result.report).toBe(join(run, 'report.html'));
    expect(existsSync(result.report)).toBe(true);
    expect(evolved.stderr).toContain('digits: 180 samples to train, 179 to select, 1438 to test');
    expect(evolved.stderr).toMatch(/^Loading digits\n/);
    expect(evolved.stderr).toContain('Training the first population, 1/6');
    expect(evolved.stderr).toContain('Generation 2 of 2: 6 networks');
    expect(evolved.stderr).toContain('Generation 2 of 2, 6/6');
  });

  test('the run folder has what the README names', () => {
    for (const name of ['config.json', 'journal.jsonl', 'front.json', 'report.html', 'blobs', 'models']) {
      expect(existsSync(join(run, name)), name).toBe(true);
    }
    expect(JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))).toMatchObject({
      seed: 5,
      children: 6,
      stitchShare: 0.4,
    });
  });

  test('front prints a table, or front.json again', async () => {
    const [table, json] = await Promise.all([neurostitch(['front', run]), neurostitch(['front', run, '--json'])]);
    const front = JSON.parse(json.stdout) as FrontMember[];
    expect(front).toEqual(JSON.parse(readFileSync(join(run, 'front.json'), 'utf8')));
    for (const { id } of front) expect(table.stdout).toContain(id);
  });

  test('report writes the page anew', async () => {
    rmSync(join(run, 'report.html'));
    const { code, stdout } = await neurostitch(['report', run]);
    expect([code, stdout]).toEqual([0, `Report: ${join(run, 'report.html')}\n`]);
    expect(existsSync(join(run, 'report.html'))).toBe(true);
  });

  test('from source, with worker threads from source, the same seed gives the same run', async () => {
    const again = join(folder, 'again');
    const args = ['evolve', '--config', config, '--seed', '5', '--out', again, '--workers', '1', '--quiet'];
    const { code, stderr } = await neurostitch(args, 'source');
    expect([code, stderr]).toEqual([0, '']);
    expect(journalOf(again)).toEqual(journalOf(run));
  });

  test('the same folder again is refused, and nothing in it changes', async () => {
    const before = readFileSync(join(run, 'journal.jsonl'), 'utf8');
    const { code, stderr, stdout } = await neurostitch(['evolve', '--out', run]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(`error: Expected a new or empty folder for the run, got one that is in use (at ${run})\n`);
    expect(readFileSync(join(run, 'journal.jsonl'), 'utf8')).toBe(before);
  });
});

test.each([
  [
    'an unknown data set',
    ['evolve', '--data', 'cifar'],
    'Expected a data set ("digits") or a readable folder of IDX files, got "cifar"',
  ],
  ['an unreadable path', ['evolve', '--data', '/no/such/folder'], 'got "/no/such/folder"'],
  ['a negative size', ['evolve', '--children', '-3'], 'Expected a whole number from 1 to 10000, got -3 (at children)'],
  ['no such config file', ['evolve', '--config', '/no/such.json'], '/no/such.json'],
  ['a place where nothing can be made', ['evolve', '--out', '/proc/no/run'], 'Expected a place that can be written to'],
  ['no folder', ['evolve', '--out', ''], 'Expected a folder for the run, got ""'],
  ['a name too long', ['evolve', '--out', 'x'.repeat(300)], 'got ENAMETOOLONG: name too long'],
  ['a run under a file', ['evolve', '--out', join(root, 'LICENSE/run')], 'got ENOTDIR: not a directory'],
  [
    'too many workers',
    ['evolve', '--workers', '100000'],
    'Expected a whole number from 1 to 256, got "100000" (at --workers)',
  ],
  ['an unknown option', ['evolve', '--sed', '1'], "unknown option '--sed'"],
  ['an unknown command', ['evolv'], "unknown command 'evolv'"],
  ['a mistyped data set', ['evolve', '--data', 'digit'], 'got "digit"; did you mean "digits"?'],
  ['a mistyped choice', ['evolve', '--engine', 'onnx-cpus'], 'did you mean "onnx-cpu"?'],
  ['a mistyped model', ['evolve', '--first', 'no.onnx'], 'Expected a model file, got none (at no.onnx)'],
  ['a folder without a run', ['front', '/tmp'], 'Expected a run folder with a journal.jsonl, got "/tmp"'],
  ['no run named', ['report'], "missing required argument 'run'"],
])('%s: exit code 2 and one line that says what was expected', async (_, args, message) => {
  const { code, stdout, stderr } = await neurostitch(args);
  expect([code, stdout]).toEqual([2, '']);
  const [line, ...more] = stderr.split('\n').filter((text) => !text.startsWith('Loading '));
  expect(line).toMatch(/^error: /);
  expect(line).toContain(message);
  // commander adds hints in brackets.
  expect(more.filter((text) => !/^(\(.*\))?$/.test(text))).toEqual([]);
});

test('what native libraries print about an engine that does not work is not passed on', async () => {
  const args = ['train', 'mlp-16', '--data', 'digits', '--epochs', '1', '--out', join(folder, 'x.onnx')];
  const { stderr } = await neurostitch([...args, '--engine', 'onnx-cuda']);
  const lines = stderr.trim().split('\n');
  expect(lines.filter((line) => !/^(Loading|\d+ samples|epoch|error: Expected) /.test(line))).toEqual([]);
});

test.each([
  ['{"generations": "many"}', 'Expected a whole number, 0 or more, got "many" (at generations)'],
  ['{"generations": }', 'Expected a config file in JSON'],
])('config %s is refused', async (text, message) => {
  const path = join(folder, `config-${message.length}.json`);
  writeFileSync(path, text);
  const { code, stderr } = await neurostitch(['evolve', '--config', path, '--out', join(folder, 'never')]);
  expect(code).toBe(2);
  expect(stderr).toContain(`error: ${message}`);
  expect(existsSync(join(folder, 'never'))).toBe(false);
});

test('a damaged journal is named with its line', async () => {
  const damaged = join(folder, 'damaged');
  mkdirSync(damaged);
  writeFileSync(join(damaged, 'journal.jsonl'), '{"type":"surprise"}\n');
  const { code, stderr } = await neurostitch(['front', damaged]);
  expect(code).toBe(2);
  expect(stderr).toBe(`error: Expected a journal event, got one with a wrong "type" (at ${damaged}/journal.jsonl:1)\n`);
});

test('--help shows an example, --version the version', async () => {
  const [help, version] = await Promise.all([neurostitch(['evolve', '--help']), neurostitch(['--version'])]);
  expect([help.code, version.code]).toEqual([0, 0]);
  expect(help.stdout).toContain('neurostitch evolve --data digits --seed 1 --out runs/x --workers 2');
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends within two seconds and leaves a run that can be read',
  async (signal) => {
    const out = join(mkdtempSync(join(folder, signal)), 'run');
    const { child, said, exited } = start(['evolve', '--config', longRun, '--out', out, '--workers', '2']);
    await said('Generation 1 of 10, 3/20');
    const begin = Date.now();
    child.kill(signal);
    expect(await exited).toBe(130);
    expect(Date.now() - begin).toBeLessThan(2000);
    const front = await neurostitch(['front', out, '--json']);
    expect(front.code).toBe(0);
    expect((JSON.parse(front.stdout) as FrontMember[]).length).toBeGreaterThan(0);
    expect((await neurostitch(['report', out])).code).toBe(0);
  },
);

/** A folder with so many grey images of 28 x 28 pixels, as many as in MNIST by default. */
function manyImages(count = 60_000): string {
  const data = join(folder, `images-${count}`);
  mkdirSync(data);
  const writeIdx = (name: string, sizes: readonly number[], valueAt: (index: number) => number): void => {
    const start = 4 + 4 * sizes.length;
    const bytes = Buffer.alloc(start + sizes.reduce((product, size) => product * size));
    bytes.set([0, 0, 8, sizes.length]);
    sizes.forEach((size, axis) => bytes.writeUInt32BE(size, 4 + 4 * axis));
    for (let index = start; index < bytes.length; index++) bytes[index] = valueAt(index - start);
    writeFileSync(join(data, name), bytes);
  };
  writeIdx('images-idx3-ubyte', [count, 28, 28], (index) => index % 251);
  writeIdx('labels-idx1-ubyte', [count], (index) => index % 10);
  return data;
}

test('Ctrl-C ends within two seconds also while much data is loaded; there is no run folder then', async () => {
  const out = join(folder, 'never');
  const { child, said, stderr, exited } = start(['evolve', '--data', manyImages(), '--out', out]);
  await said('Loading ');
  const begin = Date.now();
  child.kill('SIGINT');
  expect(await exited).toBe(130);
  expect(Date.now() - begin).toBeLessThan(2000);
  expect(stderr()).toContain('error: Interrupted while data was loaded; nothing was written\n');
  expect(existsSync(out)).toBe(false);
});

test('a reader that goes away does not end a run', async () => {
  const out = join(folder, 'unread');
  const { child, said, exited } = start(['evolve', '--config', untrained, '--out', out]);
  await said('Loading ');
  child.stdout.destroy();
  child.stderr.destroy();
  expect(await exited).toBe(0);
  expect(journalOf(out).at(-1)).toEqual({ type: 'end', reason: 'generations' });
});
