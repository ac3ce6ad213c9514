// What can go wrong under way: nothing committed is lost, and what goes on becomes the run that nothing went wrong in.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  evaluateCandidate,
  Evolution,
  evolve,
  operators,
  resume,
  workerPool,
  writeReport,
  type EvolutionEvents,
  type EvolutionRun,
  type EvolutionSettings,
  type Operator,
  type RunOptions,
} from '../../index.ts';
import { networkHash } from '../../src/network/hash.ts';
import type { RandomStream } from '../../src/random/stream.ts';
import { bars, cnn, mlp, shape } from '../helpers/bars.ts';
import { cutOff, journalLines } from '../helpers/cut-off-run.ts';
import { fault } from '../helpers/fault.ts';
import { SmallDisk } from '../helpers/small-disk.ts';
import { journalOf, newRunFolder, smallSettings } from '../helpers/small-run.ts';

const folders: string[] = [];
function kept(folder: string): string {
  folders.push(dirname(folder));
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

let whole: EvolutionRun;
beforeAll(async () => {
  whole = await evolve(smallSettings, { out: kept(newRunFolder()), workers: 2 });
});

/** The run with nothing behind a random event after its first ones. */
function cutAtRandom(rng: RandomStream): string {
  const lines = journalLines(whole.folder);
  const kept = 3 + rng.int(lines.length - 4);
  return cutAt(lines.slice(0, kept).join(''));
}

function cutAt(journal: string): string {
  return kept(cutOff(whole.folder, Buffer.byteLength(journal)));
}

function expectSame(folder: string, like = whole.folder): void {
  expect(journalOf(folder)).toEqual(journalOf(like));
  expect(readFileSync(join(folder, 'front.json'), 'utf8')).toBe(readFileSync(join(like, 'front.json'), 'utf8'));
  expect(readdirSync(join(folder, 'models')).sort()).toEqual(readdirSync(join(like, 'models')).sort());
  expect(readdirSync(join(folder, 'blobs')).sort()).toEqual(readdirSync(join(like, 'blobs')).sort());
}

describe('the folder', () => {
  fault('the last line of the journal is torn', async (rng) => {
    const text = readFileSync(join(whole.folder, 'journal.jsonl'), 'utf8');
    const folder = cutAt(text.slice(0, 1 + rng.int(text.length - 1)));
    await resume(folder, { workers: 2 });
    expectSame(folder);
    return undefined;
  });

  fault('a blob is missing', (rng) => spoilBlob(rng, rmSync));

  fault('a byte of a blob is another', (rng) =>
    spoilBlob(rng, (path) => {
      const bytes = readFileSync(path);
      bytes[rng.int(bytes.length)]! ^= 1 << rng.int(8);
      // In the place of a link to what other runs read.
      rmSync(path);
      writeFileSync(path, bytes);
    }),
  );

  /** Resuming names the blob and writes nothing; once it is back, the run goes on. */
  async function spoilBlob(rng: RandomStream, spoil: (path: string) => void): Promise<undefined> {
    const folder = cutAtRandom(rng);
    const before = readFileSync(join(folder, 'journal.jsonl'), 'utf8');
    const models = [...before.matchAll(/"model":"([0-9a-f]{64})"/g)].map(([, hash]) => hash!);
    const model = join(folder, 'blobs', rng.pick(models));
    const named = [...readFileSync(model, 'utf8').matchAll(/"hash":"([0-9a-f]{64})"/g)].map(([, hash]) => hash!);
    const path = join(folder, 'blobs', rng.pick([basename(model), ...named]));
    const bytes = readFileSync(path);
    spoil(path);
    await expect(resume(folder)).rejects.toMatchObject({ code: 'bad-run', path });
    expect(readFileSync(join(folder, 'journal.jsonl'), 'utf8')).toBe(before);
    rmSync(path, { force: true });
    writeFileSync(path, bytes);
    await resume(folder, { workers: 2 });
    expectSame(folder);
  }
});

describe('a full disk', () => {
  const skip = !SmallDisk.isAllowed();
  /** KiB, many times what a run takes. */
  const plenty = 32 * 1024;

  fault(
    'the disk is full at any moment',
    (rng) => {
      const pages = sizeOf(whole.folder) / 4096;
      return fillUp(new SmallDisk(4 * (3 + rng.int(pages - 3))), () => ({}));
    },
    skip,
  );

  fault(
    'the disk is full at the end of a generation',
    (rng) => {
      const wanted = rng.int(3);
      return fillUp(new SmallDisk(plenty), (disk) => ({
        onIndividual: ({ generation }, { index, total }) => {
          if (generation === wanted && index === total) disk.fill();
        },
      }));
    },
    skip,
  );

  fault(
    'the disk is full at the end of the run',
    () => {
      return fillUp(new SmallDisk(plenty), (disk) => ({
        onTest: () => {
          disk.fill();
        },
      }));
    },
    skip,
  );

  /** Evolves on the disk until it is full, makes room, and goes on. Returns what could not be written. */
  async function fillUp(disk: SmallDisk, events: (disk: SmallDisk) => EvolutionEvents): Promise<string> {
    const out = join(disk.path, 'run');
    const journal = join(out, 'journal.jsonl');
    try {
      const error = await evolve(smallSettings, { out, workers: 2 }, events(disk)).then(
        () => ({ code: 'none', path: 'nothing' }),
        (thrown: unknown) => thrown as { code: string; path: string },
      );
      expect(error.code).toBe('system-failed');
      const committed = existsSync(journal) ? readFileSync(journal, 'utf8') : '';
      expect(committed === '' || committed.endsWith('\n')).toBe(true);
      disk.resize(2 * plenty);
      await resume(out, { workers: 2 });
      expect(readFileSync(journal, 'utf8').startsWith(committed)).toBe(true);
      expectSame(out);
      const folder = basename(dirname(error.path));
      return folder === 'run' ? basename(error.path) : folder;
    } finally {
      disk.remove();
    }
  }

  test.skipIf(skip)('no half of a report is written, and none is lost', async () => {
    const disk = new SmallDisk(plenty);
    const folder = join(disk.path, 'run');
    try {
      mkdirSync(folder);
      const path = await writeReport(folder, whole.record);
      const report = readFileSync(path, 'utf8');
      disk.resize(4 * Math.ceil(sizeOf(disk.path) / 4096 + 1));
      await expect(writeReport(folder, whole.record)).rejects.toMatchObject({ code: 'system-failed', path });
      expect(readFileSync(path, 'utf8')).toBe(report);
      expect(readdirSync(folder)).toEqual(['report.html']);
    } finally {
      disk.remove();
    }
  });

  /** Bytes on the disk, in whole pages. */
  function sizeOf(folder: string): number {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => 4096 * Math.ceil(statSync(join(parentPath, name)).size / 4096))
      .reduce((sum, size) => sum + size, 0);
  }
});

describe('a worker', () => {
  const settings: EvolutionSettings = { generations: 2, populationSize: 4, children: 6, training: { fitSamples: 32 } };
  const data = { train: bars(40, 1), validation: bars(30, 2) };

  async function history(module?: URL): Promise<unknown[]> {
    const first = [
      { name: 'mlp', network: mlp() },
      { name: 'cnn', network: cnn() },
    ];
    const evolution = new Evolution({ ...settings, seed: 9 }, { shape, classes: 2 }, { first });
    const pool = workerPool(2, data, { ...(module && { module }), patienceSeconds: 2 });
    try {
      const events: unknown[] = [];
      while (!evolution.finished) {
        const candidates = evolution.ask();
        const evaluated = await Promise.all(candidates.map((candidate) => evaluateCandidate(pool, candidate)));
        candidates.forEach((candidate, at) => {
          evolution.tell(candidate, evaluated[at]!);
          const result = evaluated[at]!;
          events.push(candidate.id, 'failure' in result ? result : networkHash(result.trained.network));
        });
      }
      return events;
    } finally {
      await pool.close();
    }
  }

  let undisturbed: unknown[];
  beforeAll(async () => {
    // Of threads to come: a heap of the usual size takes seconds to fill.
    setFlagsFromString('--max-old-space-size=128');
    undisturbed = await history();
  });

  for (const [name, how, jobs] of [
    ['a worker crashes', 'crash', 4],
    ['a worker throws', 'throw', 4],
    ['a worker loops for ever', 'loop', 1],
    ['a worker falls silent', 'silence', 1],
    ['a worker runs out of memory', 'memory', 1],
  ] as const) {
    fault(name, async () => {
      const tries = join(kept(newRunFolder()), 'tries');
      mkdirSync(tries, { recursive: true });
      const query = new URLSearchParams({ fault: how, jobs: String(jobs), folder: tries });
      expect(await history(new URL(`../helpers/unlucky-worker.mjs?${query.toString()}`, import.meta.url))).toEqual(
        undisturbed,
      );
      expect(readdirSync(tries).length).toBeGreaterThanOrEqual(jobs);
      return undefined;
    });
  }
});

describe('a child', () => {
  const thrower: Operator = {
    ...operators[0]!,
    name: 'thrower',
    sites: () => [{}],
    apply: () => {
      throw new TypeError('no such channel');
    },
  };

  fault('an operator throws', (rng) =>
    failing(rng, {}, { operators: [...operators.slice(0, 2), thrower] }, 'no such channel'),
  );

  fault('a loss is not a number', (rng) => {
    const training = { ...smallSettings.training, childLearningRate: 1e30 };
    return failing(rng, { training }, {}, 'Expected a finite');
  });

  /** Such children fail, the others don't, and the run ends as if it had not been cut off in between. */
  async function failing(
    rng: RandomStream,
    settings: EvolutionSettings,
    options: RunOptions,
    message: string,
  ): Promise<undefined> {
    const seed = rng.int(1000);
    const run = await evolve(
      { ...smallSettings, ...settings, seed },
      { out: kept(newRunFolder()), workers: 2, ...options },
    );
    const { individuals, end } = run.record;
    expect(end?.reason).toBe('generations');
    expect(individuals.filter(({ failure }) => failure?.includes(message)).length).toBeGreaterThan(0);
    expect(run.front.length).toBeGreaterThan(0);
    const lines = journalLines(run.folder);
    const cut = kept(cutOff(run.folder, Buffer.byteLength(lines.slice(0, 3 + rng.int(lines.length - 4)).join(''))));
    await resume(cut, { workers: 2, ...options });
    expectSame(cut, run.folder);
  }
});
