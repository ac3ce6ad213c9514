// Runs that were cut off go on as if they had not been; what does not fit is refused before anything is written.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
import { changeLine, cutOff, damageBlob, journalLines } from '../helpers/cut-off-run.ts';
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
    ['within the first line', () => 0, 100, 1],
    ['before the first individual', () => 1, 0, 2],
    ['before a generation is committed', () => lineOf('generation', 2) - 1, 0, 3],
    ['within the tests', () => lineOf('tested', 3), 10, 1],
  ])('%s goes on as if it had not been', async (_, lines, bytes, workers) => {
    expectWhole(await resume(after(lines(), bytes), { workers }));
  });

  const cases = Number(process.env.NEUROSTITCH_FUZZ_CASES ?? 1);
  test(
    `anywhere, ${cases} time(s) at random, goes on as if it had not been`,
    async () => {
      const size = readFileSync(join(whole.folder, 'journal.jsonl')).length;
      const rng = RandomStream.fromSeed('cuts');
      for (let count = 0; count < cases; count++) {
        const folder = kept(cutOff(whole.folder, rng.int(size)));
        expectWhole(await resume(folder, { workers: 1 + (count % 2) }));
      }
    },
    60_000 + 3000 * cases,
  );

  test('before there is a journal begins with its config.json', async () => {
    const folder = after(0);
    rmSync(join(folder, 'journal.jsonl'));
    const stopping = new AbortController();
    const run = await resume(
      folder,
      { signal: stopping.signal, workers: 1 },
      {
        onIndividual: () => {
          stopping.abort();
        },
      },
    );
    expect(run.record.end?.reason).toBe('interrupted');
    // And again: an interruption is an event, and all else is as if there had been none.
    expect((await resume(folder, { workers: 1 })).record.end?.reason).toBe('generations');
    const isInterruption = (event: object): boolean => 'reason' in event && event.reason === 'interrupted';
    expect(journalOf(folder).filter(isInterruption)).toHaveLength(1);
    expect(journalOf(folder).filter((event) => !isInterruption(event))).toEqual(journalOf(whole.folder));
  });

  test('within a generation tells what was done before and reports only what is new; no other can go on with it', async () => {
    const seen: string[] = [];
    const others: Promise<unknown>[] = [];
    const events: EvolutionEvents = {
      onStart: ({ config }) => seen.push(`start ${config.generations}`),
      onResume: ({ individuals }) => seen.push(`resume ${individuals.length}`),
      onAsk: (generation) => seen.push(`ask ${generation}`),
      onEvaluate: (generation, candidates) => seen.push(`evaluate ${generation} ${candidates}`),
      onIndividual({ evaluation }, { index, total }) {
        seen.push(`${evaluation} ${index}/${total}`);
        others.push(resume(folder).catch((error: unknown) => error));
      },
      onGeneration: ({ generation }) => seen.push(`generation ${generation}`),
    };
    // The run, the first population with its end, and four of the six children.
    const folder = after(1 + 7 + 4);
    expectWhole(await resume(folder, { workers: 1 }, events));
    expect(seen.slice(0, 7)).toEqual([
      'start 2',
      'resume 10',
      'evaluate 1 6',
      '11 5/6',
      '12 6/6',
      'generation 1',
      'ask 2',
    ]);
    expect(others).toHaveLength(8);
    for (const error of await Promise.all(others)) expect(error).toMatchObject({ code: 'out-exists' });
  });

  test('before its end trains nothing: models come from the blobs', async () => {
    const folder = after(lineOf('end') - 1, 5);
    let asked = 0;
    expectWhole(await resume(folder, {}, { onAsk: () => void (asked += 1), onEvaluate: () => void (asked += 1) }));
    expect(asked).toBe(0);
  });

  test('with a damaged blob that is made again is mended', async () => {
    // Line 5 is only begun: its model will be stored anew.
    const folder = after(4, 30);
    const { model, id } = whole.record.individuals[3]!;
    damageBlob(folder, model!);
    expectWhole(await resume(folder, { workers: 1 }));
    await (await openRun(folder)).model(id);
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
    const folder = kept(newRunFolder());
    await evolve({ ...smallSettings, generations: 1 }, { out: folder, workers: 1 });
    const run = await resume(folder, { generations: 2, allowChanges: true, workers: 1 });
    const decisions = (at: string): object[] =>
      journalOf(at).filter((event) => 'type' in event && (event.type === 'individual' || event.type === 'generation'));
    expect(decisions(folder)).toEqual(decisions(whole.folder));
    expect(run.front).toEqual(whole.front);
    expect(run.record.start.config.generations).toBe(2);
    expect(run.record.end?.reason).toBe('generations');
    expect(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))).toMatchObject({ generations: 2 });
    // The new limits hold from then on, also when it is cut off again.
    const lines = journalLines(folder);
    const last = lines.findLastIndex((line) => line.startsWith('{"type":"generation"'));
    const again = kept(cutOff(folder, Buffer.byteLength(lines.slice(0, last - 3).join(''))));
    expect((await resume(again, { workers: 1 })).front).toEqual(whole.front);
    expect(journalOf(again)).toEqual(journalOf(folder));
  });

  test('by its number of evaluations goes on in the next generation, as config.json now says', async () => {
    const out = kept(newRunFolder());
    const { record } = await evolve({ ...smallSettings, maxEvaluations: 8 }, { out, workers: 1 });
    expect(record.end?.reason).toBe('maxEvaluations');
    const path = join(out, 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...config, maxEvaluations: 11 }));
    const message = 'got maxEvaluations 11 in place of 8';
    await expectUnchanged(out, {}, 'bad-config', message);
    const run = await resume(out, { allowChanges: true, workers: 1 });
    expect(run.record.generations.map(({ evaluations }) => evaluations)).toEqual([6, 8, 11]);
    expect(run.record.end?.reason).toBe('generations');
    const once = run.record.individuals.map(({ id }) => id);
    expect(new Set(once).size).toBe(11);
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

  test('other operators and other first networks', async () => {
    const line = lineOf('generation', 1) + 1;
    const options = { operators: operators.filter(({ name }) => name === 'widen-pair') };
    const { path } = await expectUnchanged(after(line + 5), options, 'bad-run', ' as before, got ');
    expect(path).toMatch(/journal\.jsonl:\d+$/);
    const { individuals } = whole.record;
    const { network } = await (await openRun(whole.folder)).model(individuals[0]!.id);
    const first = [{ name: 'mlp-16', network }];
    await expectUnchanged(after(3), { first }, 'bad-run', 'Expected job to be ');
  });

  test('a run that code gave operators of its own, without them', async () => {
    const out = kept(newRunFolder());
    const own = { operators: operators.filter(({ name }) => name === 'widen-pair') };
    await evolve({ ...smallSettings, generations: 1 }, { out, workers: 2, ...own });
    const cut = kept(cutOff(out, Buffer.byteLength(journalLines(out).slice(0, 3).join(''))));
    await expectUnchanged(cut, {}, 'bad-argument', 'Expected the operators that code gave the run, got nothing');
    expect((await resume(cut, own)).front).toEqual((await openRun(out)).front);
  });

  test('a file in place of a folder', async () => {
    await expect(resume(join(whole.folder, 'config.json'))).rejects.toMatchObject({ code: 'not-found' });
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
    const other = after(8);
    changeLine(other, 6, (text) => text.replace(/"loss":\d/, '"loss":7'), { checked: true });
    const place = `got one that was changed or moved since (at ${other}/journal.jsonl:6)`;
    await expectUnchanged(other, {}, 'bad-run', place);
    await expect(openRun(other)).rejects.toThrow(place);
    const missing = after(8);
    changeLine(missing, 4, () => '');
    await expectUnchanged(missing, {}, 'bad-run', `${missing}/journal.jsonl:4)`);
  });

  test('a blob that is missing or damaged, by its name', async () => {
    const model = whole.record.individuals[3]!.model!;
    const damaged = after(9);
    damageBlob(damaged, model);
    await expectUnchanged(damaged, {}, 'bad-run', `Expected bytes with SHA-256 ${model}`);
    const missing = after(9);
    rmSync(join(missing, 'blobs', model));
    await expectUnchanged(missing, {}, 'bad-run', `Expected blob ${model}`);
  });

  test('a run that another command began, also when it has ended', async () => {
    for (const lines of [4, lineOf('end')]) {
      const folder = after(lines);
      changeLine(folder, 1, (text) => text.replace('"by":"evolve",', '"by":"recombine",'));
      await expectUnchanged(folder, {}, 'bad-run', 'Expected a run that evolve began, got one of another command');
    }
  });

  test('no run, or one that was killed before anything was in its folder', async () => {
    const nowhere = kept(newRunFolder());
    await expect(resume(nowhere)).rejects.toThrow(`a journal.jsonl, got "${nowhere}"`);
    expect(existsSync(nowhere)).toBe(false);
    mkdirSync(nowhere);
    writeFileSync(join(nowhere, 'config.json'), '');
    await expect(resume(nowhere)).rejects.toMatchObject({ code: 'not-found' });
  });

  test.each([undefined, '', 3])('%j in place of a folder', async (folder) => {
    const error = { name: 'NeurostitchError', code: 'bad-argument', path: 'folder' };
    await expect(resume(folder as string)).rejects.toMatchObject(error);
    await expect(openRun(folder as string)).rejects.toMatchObject(error);
  });

  test('a signal that is aborted already', async () => {
    await expectUnchanged(after(9), { signal: AbortSignal.abort() }, 'interrupted', 'Interrupted');
  });
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
