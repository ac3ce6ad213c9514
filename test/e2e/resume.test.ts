// Runs that were cut off go on as if they had not been; what does not fit is refused before anything is written.
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  evolve,
  openRun,
  operators,
  resume,
  type EvolutionEvents,
  type EvolutionRun,
  type ResumeOptions,
} from '../../index.ts';
import { changeLine, cutOff, journalLines } from '../helpers/cut-off-run.ts';
import { journalOf, newRunFolder, smallSettings } from '../helpers/small-run.ts';
import { RandomStream } from '../../src/random/stream.ts';

const folders: string[] = [];
/** To be removed in the end. */
function kept(folder: string): string {
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(dirname(folder), { recursive: true, force: true });
});

let whole: EvolutionRun;
beforeAll(async () => {
  whole = await evolve(smallSettings, { out: kept(newRunFolder()), workers: 2 });
});

/** The uninterrupted run as a crash after so many lines, and so many bytes more, would have left it. */
function after(lines: number, bytes = 0): string {
  return kept(cutOff(whole.folder, Buffer.byteLength(journalLines(whole.folder).slice(0, lines).join('')) + bytes));
}

function lineOf(type: string, count = 1): number {
  const types = journalLines(whole.folder).map((line) => (JSON.parse(line) as { type: string }).type);
  return (
    types.findIndex(
      (each, index) => each === type && types.slice(0, index + 1).filter((t) => t === type).length === count,
    ) + 1
  );
}

function expectWhole({ folder, front }: EvolutionRun): void {
  expect(journalOf(folder)).toEqual(journalOf(whole.folder));
  expect(front).toEqual(whole.front);
  expect(readFileSync(join(folder, 'front.json'), 'utf8')).toBe(readFileSync(join(whole.folder, 'front.json'), 'utf8'));
  expect(readdirSync(join(folder, 'models')).sort()).toEqual(readdirSync(join(whole.folder, 'models')).sort());
  expect(readdirSync(folder).filter((name) => name.startsWith('lock'))).toEqual([]);
}

describe('a run that was cut off', () => {
  test.each<[string, () => number, number, number]>([
    ['before the journal has a line', () => 0, 0, 1],
    ['within the first line', () => 0, 100, 2],
    ['before the first individual', () => 1, 0, 3],
    ['within the first population', () => 4, 30, 1],
    ['before a generation is committed', () => lineOf('generation', 2) - 1, 0, 2],
    ['after a generation', () => lineOf('generation', 2), 0, 3],
    ['within the last generation', () => lineOf('generation', 2) + 3, 0, 1],
    ['within the tests', () => lineOf('tested', 3), 10, 2],
    ['before its end', () => lineOf('end') - 1, 5, 3],
  ])('%s goes on as if it had not been', async (_, lines, bytes, workers) => {
    expectWhole(await resume(after(lines(), bytes), { workers }));
  });

  const cases = Number(process.env.NEUROSTITCH_FUZZ_CASES ?? 3);
  test(
    `at any of ${cases} random bytes goes on as if it had not been`,
    async () => {
      const size = readFileSync(join(whole.folder, 'journal.jsonl')).length;
      const rng = RandomStream.fromSeed('cuts');
      for (let count = 0; count < cases; count++) {
        const folder = kept(cutOff(whole.folder, rng.int(size)));
        expectWhole(await resume(folder, { workers: 1 + (count % 3) }));
      }
    },
    60_000 + 3000 * cases,
  );

  test('and again, each time a few lines later', async () => {
    const folder = after(2);
    for (let stops = 0; stops < 3; stops++) {
      const stopping = new AbortController();
      const run = await resume(
        folder,
        { signal: stopping.signal, workers: 2 },
        {
          onIndividual: () => {
            stopping.abort();
          },
        },
      );
      expect(run.record.end?.reason).toBe('interrupted');
    }
    const run = await resume(folder, { workers: 2 });
    const isInterruption = (event: object): boolean => 'reason' in event && event.reason === 'interrupted';
    expect(journalOf(folder).filter(isInterruption)).toHaveLength(3);
    expect(journalOf(folder).filter((event) => !isInterruption(event))).toEqual(journalOf(whole.folder));
    expect(run.record.end?.reason).toBe('generations');
  });

  test('tells what was done before, and reports only what is new', async () => {
    const seen: string[] = [];
    const events: EvolutionEvents = {
      onStart: ({ config }) => seen.push(`start ${config.generations}`),
      onResume: ({ individuals }) => seen.push(`resume ${individuals.length}`),
      onAsk: (generation, candidates) => seen.push(`ask ${generation} ${candidates}`),
      onIndividual: ({ evaluation }, { index, total }) => seen.push(`${evaluation} ${index}/${total}`),
      onGeneration: ({ generation }) => seen.push(`generation ${generation}`),
    };
    // The run, the first population with its end, and four of the six children.
    await resume(after(1 + 7 + 4), { workers: 1 }, events);
    expect(seen.slice(0, 6)).toEqual(['start 2', 'resume 10', 'ask 1 6', '11 5/6', '12 6/6', 'generation 1']);
  });

  test('trains nothing of what is committed: models come from the blobs', async () => {
    const folder = after(lineOf('end') - 1);
    let asked = 0;
    await resume(folder, {}, { onAsk: () => void (asked += 1) });
    expect(asked).toBe(0);
    expect(journalOf(folder)).toEqual(journalOf(whole.folder));
  });
});

describe('a run that has ended', () => {
  test('is left alone', async () => {
    const folder = after(lineOf('end'));
    const before = readFileSync(join(folder, 'journal.jsonl'), 'utf8');
    let loaded = false;
    const { front, record } = await resume(folder, {}, { onLoad: () => void (loaded = true) });
    expect(loaded).toBe(false);
    expect(front).toEqual(whole.front);
    expect(record.end?.reason).toBe('generations');
    expect(readFileSync(join(folder, 'journal.jsonl'), 'utf8')).toBe(before);
  });

  test('goes on with higher limits, its past as it was', async () => {
    const longer = await evolve({ ...smallSettings, generations: 3 }, { out: kept(newRunFolder()), workers: 2 });
    const folder = after(lineOf('end'));
    const run = await resume(folder, { generations: 3, allowChanges: true, workers: 2 });
    const decisions = (at: string): object[] =>
      journalOf(at).filter((event) => 'type' in event && (event.type === 'individual' || event.type === 'generation'));
    expect(decisions(folder)).toEqual(decisions(longer.folder));
    expect(run.front).toEqual(longer.front);
    expect(run.record.start.config.generations).toBe(3);
    expect(run.record.end?.reason).toBe('generations');
    expect(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))).toMatchObject({ generations: 3 });
    // The new limits hold from then on, also when it is cut off again.
    const tests = journalOf(folder).findLastIndex((event) => 'type' in event && event.type === 'generation');
    const again = kept(
      cutOff(
        folder,
        Buffer.byteLength(
          journalLines(folder)
            .slice(0, tests - 3)
            .join(''),
        ),
      ),
    );
    expect((await resume(again, { workers: 1 })).front).toEqual(longer.front);
    expect(journalOf(again)).toEqual(journalOf(folder));
  });

  test('by its number of evaluations goes on in the next generation', async () => {
    const out = kept(newRunFolder());
    await evolve({ ...smallSettings, maxEvaluations: 8 }, { out, workers: 2 });
    const run = await resume(out, { maxEvaluations: null, allowChanges: true, workers: 2 });
    expect(run.record.generations.map(({ evaluations }) => evaluations)).toEqual([6, 8, 14]);
    expect(run.record.end?.reason).toBe('generations');
    const once = run.record.individuals.map(({ id }) => id);
    expect(new Set(once).size).toBe(14);
  });
});

describe('what is refused', () => {
  test.each<[string, ResumeOptions, string]>([
    ['limits without leave', { generations: 5 }, 'got generations 5 in place of 2 (at '],
    [
      'fewer generations than begun',
      { generations: 0, allowChanges: true },
      'Expected 1 generations or more, as begun',
    ],
    ['fewer evaluations than begun', { maxEvaluations: 9, allowChanges: true }, 'Expected 12 evaluations or more'],
    ['no number of generations', { generations: -1 }, 'Expected a whole number, 0 or more, got -1 (at generations)'],
  ])('%s', async (_, options, message) => {
    await expectUnchanged(after(lineOf('generation', 1) + 3), options, 'bad-config', message);
  });

  test('a config.json with other settings, whatever is allowed', async () => {
    const folder = after(4);
    const path = join(folder, 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as { training: object };
    writeFileSync(path, JSON.stringify({ ...config, seed: 43, training: { ...config.training, childEpochs: 9 } }));
    const message = 'got seed 43 in place of 42, training.childEpochs 9 in place of 1';
    await expectUnchanged(folder, { allowChanges: true }, 'bad-config', message);
  });

  test('a config.json with other limits, unless allowed', async () => {
    const folder = after(lineOf('end'));
    const path = join(folder, 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...config, maxEvaluations: 19, generations: 9 }));
    const message = 'got generations 9 in place of 2, maxEvaluations 19 in place of null';
    await expectUnchanged(folder, {}, 'bad-config', message);
    expect((await resume(folder, { allowChanges: true })).record.individuals).toHaveLength(19);
  });

  test('other operators and other first networks', async () => {
    const line = lineOf('generation', 1) + 1;
    const options = { operators: operators.filter(({ name }) => name === 'widen-pair') };
    const { path } = await expectUnchanged(after(line + 5), options, 'bad-run', ' as before, got ');
    expect(path).toMatch(/journal\.jsonl:\d+$/);
    const { individuals } = whole.record;
    const { network } = await (await openRun(whole.folder)).model(individuals[0]!.id);
    const first = [{ name: 'mlp-16', network }];
    await expectUnchanged(after(3), { first }, 'bad-run', 'Expected reference to be ');
  });

  test('a first network with other weights, which nothing but its job tells', async () => {
    const { individuals } = whole.record;
    const opened = await openRun(whole.folder);
    const first = await Promise.all(
      individuals.slice(0, 6).map(async ({ id, provenance }) => ({
        name: provenance.how === 'first' ? provenance.name : '',
        network: (await opened.model(id)).network,
      })),
    );
    const { path } = await expectUnchanged(after(4), { first }, 'bad-run', 'Expected job to be ');
    expect(path).toMatch(/journal\.jsonl:2$/);
  });

  test('another version, other data', async () => {
    const folder = after(3);
    changeLine(folder, 1, (text) => text.replace(/"version":"[^"]+"/, '"version":"0.0.9"'));
    await expectUnchanged(folder, {}, 'bad-run', 'Expected version to be "0.0.9" as before');
    const other = after(3);
    changeLine(other, 1, (text) => text.replace(/"hash":"[^"]+"/, `"hash":"${'0'.repeat(64)}"`));
    await expectUnchanged(other, {}, 'bad-run', 'Expected dataset.hash to be "000');
  });

  test('a journal that is broken in the middle, by its line', async () => {
    const folder = after(8);
    changeLine(folder, 5, (text) => `${text.slice(0, 60)}\n`);
    await expectUnchanged(folder, {}, 'bad-run', `${folder}/journal.jsonl:5)`);
    const changed = after(8);
    changeLine(changed, 4, (text) => text.replace(/"macs":\d+/, '"macs":1'));
    await expectUnchanged(changed, {}, 'bad-run', `Expected macs to be 1 as before`);
    const missing = after(8);
    changeLine(missing, 4, () => '');
    await expectUnchanged(missing, {}, 'bad-run', `${missing}/journal.jsonl:4)`);
  });

  test('a blob that is missing or damaged, by its name', async () => {
    const model = whole.record.individuals[3]!.model!;
    const damaged = after(9);
    appendFileSync(join(damaged, 'blobs', model), ' ');
    await expectUnchanged(damaged, {}, 'bad-run', `Expected bytes with SHA-256 ${model}`);
    const missing = after(9);
    rmSync(join(missing, 'blobs', model));
    await expectUnchanged(missing, {}, 'bad-run', `Expected blob ${model}`);
  });

  test('no run', async () => {
    const nowhere = kept(newRunFolder());
    await expect(resume(nowhere)).rejects.toThrow(`a journal.jsonl, got "${nowhere}"`);
    expect(existsSync(nowhere)).toBe(false);
  });

  test('a signal that is aborted already', async () => {
    await expectUnchanged(after(9), { signal: AbortSignal.abort() }, 'interrupted', 'Interrupted');
  });
});

test('a damaged blob that is made again is mended', async () => {
  // Line 5 is not there yet: its model will be stored anew.
  const folder = after(4);
  const model = whole.record.individuals[3]!.model!;
  appendFileSync(join(folder, 'blobs', model), ' ');
  expectWhole(await resume(folder));
  const opened = await openRun(folder);
  await opened.model(whole.record.individuals[3]!.id);
});

test('a run that goes on cannot be resumed by another, nor by itself', async () => {
  const folder = after(2);
  const second: unknown[] = [];
  const attempts: Promise<unknown>[] = [];
  const run = await resume(
    folder,
    {},
    {
      onIndividual: () => {
        attempts.push(resume(folder).catch((error: unknown) => second.push(error)));
      },
    },
  );
  await Promise.all(attempts);
  expect(second.length).toBeGreaterThan(0);
  for (const error of second) expect(error).toMatchObject({ code: 'out-exists' });
  expectWhole(run);
});

/** The error that is thrown; the journal stays as it was, and the lock is free again. */
async function expectUnchanged(
  folder: string,
  options: ResumeOptions,
  code: string,
  message: string,
): Promise<{ path: string }> {
  const before = readFileSync(join(folder, 'journal.jsonl'), 'utf8');
  const settings = readFileSync(join(folder, 'config.json'), 'utf8');
  const error: unknown = await resume(folder, options).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'NeurostitchError', code });
  expect((error as Error).message).toContain(message);
  expect(readFileSync(join(folder, 'journal.jsonl'), 'utf8')).toBe(before);
  expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe(settings);
  expect(readdirSync(folder).filter((name) => name.startsWith('lock'))).toEqual([]);
  return error as { path: string };
}
