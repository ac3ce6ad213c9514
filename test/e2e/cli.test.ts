// The command line as a user meets it: results on standard output, one-line errors, exit codes, Ctrl-C.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FrontMember } from '../../population/index.ts';
import { journalOf, smallSettings } from '../helpers/small-run.ts';

const root = join(import.meta.dirname, '../..');
const built = [join(root, 'dist/cli/main.js')];
const source = ['--import', 'tsx', join(root, 'cli/main.ts')];
const folder = mkdtempSync(join(tmpdir(), 'neurostitch-cli-'));
const config = join(folder, 'small.json');
const run = join(folder, 'run');

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function neurostitch(args: readonly string[], entry = built): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...entry, ...args], { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

beforeAll(async () => {
  await promisify(execFile)('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd: root });
  writeFileSync(config, JSON.stringify(smallSettings));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
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
    expect(evolved.stderr).toContain('digits: 1079 samples to train, 359 to select, 359 to test');
    expect(evolved.stderr).toContain('Training the first population, 1/6');
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
    const { code, stderr } = await neurostitch(args, source);
    expect([code, stderr]).toEqual([0, '']);
    expect(journalOf(again)).toEqual(journalOf(run));
  });

  test('the same folder again is refused, and nothing in it changes', async () => {
    const before = readFileSync(join(run, 'journal.jsonl'), 'utf8');
    const { code, stderr, stdout } = await neurostitch(['evolve', '--out', run]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(`error: Expected a new or empty folder for the run, got ${run}, which is in use\n`);
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
  ['a negative size', ['evolve', '--children', '-3'], 'Expected a whole number, 1 or more, for --children, got "-3"'],
  ['zero workers', ['evolve', '--workers', '0'], 'Expected a whole number, 1 or more, for --workers, got "0"'],
  ['a seed that is no number', ['evolve', '--seed', 'one'], 'Expected a whole number for --seed, got "one"'],
  ['no such config file', ['evolve', '--config', '/no/such.json'], '/no/such.json'],
  [
    'a place where nothing can be made',
    ['evolve', '--out', '/proc/no/run'],
    'Expected a place where a run folder can be made',
  ],
  ['an unknown option', ['evolve', '--sed', '1'], "unknown option '--sed'"],
  ['an unknown command', ['evolv'], "unknown command 'evolv'"],
  ['a folder without a run', ['front', '/tmp'], 'Expected a run folder with a journal.jsonl, got "/tmp"'],
  ['no run named', ['report'], "missing required argument 'run'"],
])('%s: exit code 2 and one line that says what was expected', async (_, args, message) => {
  const { code, stdout, stderr } = await neurostitch(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^error: /);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('    at ');
});

test.each([
  ['{"generations": "many"}', 'Bad config key "generations": expected number, received string, got "many"'],
  ['{"training": {"batchSize": 0}}', 'Bad config key "training.batchSize"'],
  ['{"generations": }', 'Expected a config file in JSON'],
  ['[1]', 'Expected a JSON object, got [1]'],
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
  expect(stderr).toMatch(/^error: Expected a journal event.*journal\.jsonl:1/s);
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
    const out = join(folder, signal);
    const child = spawn(process.execPath, [...built, 'evolve', '--out', out, '--workers', '2'], { cwd: root });
    let stderr = '';
    const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (text: Buffer) => {
        stderr += text.toString();
        if (stderr.includes('Generation 1 of 10, 3/20')) resolve();
      });
    });
    const start = Date.now();
    child.kill(signal);
    expect(await exited).toBe(130);
    expect(Date.now() - start).toBeLessThan(2000);
    const front = await neurostitch(['front', out, '--json']);
    expect(front.code).toBe(0);
    expect((JSON.parse(front.stdout) as FrontMember[]).length).toBeGreaterThan(0);
    expect((await neurostitch(['report', out])).code).toBe(0);
  },
);
