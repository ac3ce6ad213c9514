import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { networkHash } from '../../../src/network/hash.ts';
import { FileBlobStore, sha256 } from '../../../src/store/blob-store.ts';
import { JournalWriter, readJournal } from '../../../src/store/journal-file.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { loadModel, saveModel } from '../../../src/store/model-store.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { adam } from '../../../src/training/optimisers/adam.ts';
import { SmallDisk } from '../../helpers/small-disk.ts';
import { randomInput, randomNetworks, randomTargets } from '../../helpers/random-network.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neurostitch-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a blob is found under its hash; equal contents are stored once', async () => {
  const store = new FileBlobStore(folder);
  const hash = await store.put(Buffer.from('weights'));
  expect(await new FileBlobStore(folder).put(Buffer.from('weights'))).toBe(hash);
  expect(await readdir(folder)).toEqual([hash]);
  expect(Buffer.from(await store.get(hash)).toString()).toBe('weights');
});

test('a damaged or missing blob is named', async () => {
  const store = new FileBlobStore(folder);
  const hash = await store.put(Buffer.from('weights'));
  await appendFile(join(folder, hash), '!');
  await expect(store.get(hash)).rejects.toThrow(`Expected bytes with SHA-256 ${hash}`);
  await expect(store.get(sha256('none'))).rejects.toThrow(`Expected blob ${sha256('none')}`);
});

test('a torn last line of a journal is dropped, a broken one in the middle is an error', async () => {
  const path = join(folder, 'journal.jsonl');
  const writer = new JournalWriter(path);
  writer.append({ n: 1 });
  writer.append({ n: 2 });
  writer.close();
  await appendFile(path, '{"n": 3');
  expect(await readJournal(path)).toEqual([{ n: 1 }, { n: 2 }]);
  await writeFile(path, '{"n": 1}\n{"n": \n{"n": 3}\n');
  await expect(readJournal(path)).rejects.toThrow(/Expected a JSON event.*journal.jsonl:2/);
});

test('law: whatever byte of a line is another, the line is refused by its number', async () => {
  const path = join(folder, 'journal.jsonl');
  const writer = new JournalWriter(path);
  const events = [{ n: 1, text: 'ä\u2028' }, { n: 0.1, list: [1, { deep: null }] }, { n: 3 }];
  for (const event of events) writer.append(event);
  writer.close();
  expect(await readJournal(path)).toEqual(events);
  const lines = (await readFile(path, 'utf8')).split('\n');
  const bytes = Buffer.from(lines[1]!);
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 127 }), async (at, change) => {
      const other = Buffer.from(bytes);
      other[at]! ^= change;
      // Two lines in place of one have other numbers.
      fc.pre(!other.includes('\n'));
      await writeFile(path, [lines[0], other.toString(), ...lines.slice(2)].join('\n'));
      const read = await readJournal(path).catch((error: unknown) => error);
      expect(read).toBeInstanceOf(Error);
      expect((read as Error).message).toContain('journal.jsonl:2');
    }),
    { numRuns: 500 },
  );
});

test.each<[string, (line: string) => string]>([
  ['a space behind it', (line) => `${line} `],
  ['a carriage return', (line) => `${line}\r`],
  ['a capital letter in its check', (line) => line.replace(/[a-f](?="\}$)/, (letter) => letter.toUpperCase())],
  ['a shorter check', (line) => line.replace(/.(?="\}$)/, '')],
  ['a space before its check', (line) => line.replace('"check"', ' "check"')],
  ['another field behind its check', (line) => line.replace(/\}$/, ',"n":2}')],
])('a line with %s is not as it was written', async (_, change) => {
  const path = join(folder, 'journal.jsonl');
  const writer = new JournalWriter(path);
  // This check ends with a letter.
  for (const event of [{ n: 1 }, { n: 'f' }, { n: 3 }]) writer.append(event);
  writer.close();
  const lines = (await readFile(path, 'utf8')).split('\n');
  expect(lines[1]).toMatch(/[a-f]"\}$/);
  lines[1] = change(lines[1]!);
  await writeFile(path, lines.join('\n'));
  await expect(readJournal(path)).rejects.toThrow(/Expected a line as it was written.*journal.jsonl:2/);
});

test.each<[string, (lines: string[]) => string[], number]>([
  ['a line that is missing', ([one, , ...rest]) => [one!, ...rest], 2],
  ['the first line missing', ([, ...rest]) => rest, 1],
  ['a line twice', ([one, two, ...rest]) => [one!, two!, two!, ...rest], 3],
  ['two lines in another order', ([one, two, three, ...rest]) => [one!, three!, two!, ...rest], 2],
])('%s is noticed', async (_, change, place) => {
  const path = join(folder, 'journal.jsonl');
  let writer = new JournalWriter(path);
  writer.append({ n: 1 });
  writer.append({ n: 2 });
  writer.close();
  // Whoever opens it goes on behind the last line.
  writer = new JournalWriter(path);
  writer.append({ n: 3 });
  writer.append({ n: 4 });
  writer.close();
  expect(await readJournal(path)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  await writeFile(path, `${change(lines).join('\n')}\n`);
  await expect(readJournal(path)).rejects.toThrow(new RegExp(`changed or moved since.*journal.jsonl:${place}`));
});

test('behind lines of other hands a journal goes on', async () => {
  const path = join(folder, 'journal.jsonl');
  await writeFile(path, '{"n":1}\n{"n":2}\n{"n":');
  const writer = new JournalWriter(path);
  writer.append({ n: 3 });
  writer.append({ n: 4 });
  writer.close();
  expect(await readJournal(path)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
});

test.skipIf(!SmallDisk.isAllowed())(
  'what a full disk cuts short is taken back, and the next event follows',
  async () => {
    const disk = new SmallDisk(4);
    try {
      const path = join(disk.path, 'journal.jsonl');
      const writer = new JournalWriter(path);
      const text = 'x'.repeat(950);
      expect(() => {
        for (let n = 0; ; n++) writer.append({ n, text });
      }).toThrow('no space left');
      const kept = await readJournal(path);
      expect(kept).toHaveLength(4);
      disk.resize(64);
      writer.append({ n: 'next' });
      writer.close();
      expect(await readJournal(path)).toEqual([...kept, { n: 'next' }]);
    } finally {
      disk.remove();
    }
  },
);

test('models come back bit for bit, training state included', async () => {
  const store = new FileBlobStore(folder);
  await fc.assert(
    fc.asyncProperty(randomNetworks({ maxSteps: 5 }), async ({ network, recipe }) => {
      const program = await onnxEngine().compile([network], {
        state: freshTrainingState,
        noise: RandomStream.fromSeed(recipe.seed),
      });
      await program.step(
        { size: 3, data: randomInput(network, 3, recipe.seed) },
        randomTargets(3, recipe.seed),
        adam(0.01),
      );
      const trained = await program.snapshot();
      await program.dispose();
      const loaded = await loadModel(store, await saveModel(store, trained));
      expect(loaded).toEqual(trained);
      expect(networkHash(loaded.network)).toBe(networkHash(trained.network));
    }),
    { numRuns: 20 },
  );
});

test('a manifest of another form is refused', async () => {
  const store = new FileBlobStore(folder);
  const hash = await store.put(Buffer.from('{"format": "something-else"}'));
  await expect(loadModel(store, hash)).rejects.toThrow('Expected a neurostitch-model-1 manifest');
  await expect(loadModel(store, await store.put(Buffer.from('not json')))).rejects.toThrow(
    'Expected a manifest in JSON',
  );
});
