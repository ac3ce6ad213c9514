// Whole runs on the digits: the same with any number of workers, readable afterwards, and cut off cleanly.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operatorNamed, type Operator } from '../../operators/index.ts';
import { evolve, openRun, resume, type EvolutionRun, type EvolveOptions } from '../../population/index.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { costOf } from '../../src/network/cost.ts';
import { networkHash } from '../../src/network/hash.ts';
import { NeurostitchError } from '../../src/errors.ts';
import { expectClose } from '../helpers/compare.ts';
import { limitsOf, parseConfig } from '../../population/config.ts';
import { journalOf, newRunFolder, smallSettings } from '../helpers/small-run.ts';

const untrained = { ...smallSettings, training: { firstEpochs: 0, childEpochs: 0 } };
const growing = operatorNamed('widen-pair');

const folders: string[] = [];
function newFolder(): string {
  const folder = newRunFolder();
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(dirname(folder), { recursive: true, force: true });
});

describe('a finished run', () => {
  const runs: EvolutionRun[] = [];
  beforeAll(async () => {
    for (const workers of [1, 2, 3]) runs.push(await evolve(smallSettings, { out: newFolder(), workers }));
  });

  test('1, 2 and 3 workers write the same journal and the same front', () => {
    const [one, two, three] = runs.map(({ folder }) => journalOf(folder));
    expect(two).toEqual(one);
    expect(three).toEqual(one);
    const fronts = runs.map(({ folder }) => readFileSync(join(folder, 'front.json'), 'utf8'));
    expect(fronts[1]).toBe(fronts[0]);
    expect(JSON.parse(fronts[0]!)).toEqual(runs[0]!.front);
  });

  test('every individual can be opened, and is what the journal says', async () => {
    const { folder, record } = runs[0]!;
    const opened = await openRun(folder);
    const hashes = new Set<string>();
    for (const individual of record.individuals) {
      const { network } = await opened.model(individual.id);
      expect(costOf(network)).toEqual({ macs: individual.macs, params: individual.params });
      hashes.add(networkHash(network));
    }
    expect(hashes.size).toBe(record.individuals.length);
    await expect(opened.model('nobody')).rejects.toThrow('Expected the id of an evaluated individual, got "nobody"');
  });

  test('models/ holds the front as ONNX files that compute what the networks compute', async () => {
    const { folder, front } = runs[0]!;
    const opened = await openRun(folder);
    const data = Float32Array.from({ length: 3 * 64 }, (_, i) => (i % 17) / 16);
    for (const { id } of front) {
      const session = await ort.InferenceSession.create(join(folder, 'models', `${id}.onnx`));
      const { output } = await session.run({ input: new ort.Tensor('float32', data, [3, 1, 8, 8]) });
      const program = await referenceEngine.compile([(await opened.model(id)).network]);
      const [wanted] = await program.forward({ size: 3, data });
      expectClose(output!.data as Float32Array, wanted!, 1e-5, id);
    }
  });

  test('the front was tested, generations count up, hypervolume never falls', () => {
    const { front, record } = runs[0]!;
    expect(front.length).toBeGreaterThan(0);
    for (const { test: tested } of front) expect(tested?.error).toBeGreaterThanOrEqual(0);
    expect(record.generations.map(({ generation, evaluations }) => [generation, evaluations])).toEqual([
      [0, 6],
      [1, 12],
      [2, 18],
    ]);
    const volumes = record.generations.map(({ hypervolume }) => hypervolume);
    expect(volumes).toEqual(volumes.toSorted((a, b) => a - b));
    expect(record.end?.reason).toBe('generations');
    expect(new Set(record.individuals.map(({ provenance }) => provenance.how)).size).toBe(3);
  });
});

test('maxEvaluations is the total', async () => {
  const run = await evolve({ ...smallSettings, maxEvaluations: 8 }, { out: newFolder(), workers: 2 });
  expect(run.record.individuals).toHaveLength(8);
  expect(run.record.end?.reason).toBe('maxEvaluations');
});

test('a run that is stopped keeps what was committed and can be read', async () => {
  const stopping = new AbortController();
  const out = newFolder();
  let stoppedAt = 0;
  const run = await evolve(
    { ...smallSettings, generations: 100 },
    { out, workers: 2, signal: stopping.signal },
    {
      onIndividual: ({ evaluation }) => {
        if (evaluation !== 9) return;
        stoppedAt = Date.now();
        stopping.abort();
      },
    },
  );
  expect(Date.now() - stoppedAt).toBeLessThan(2000);
  expect(run.record.end?.reason).toBe('interrupted');
  expect(run.record.individuals.length).toBeGreaterThanOrEqual(9);
  const opened = await openRun(out);
  expect(opened.front).toEqual(run.front);
  expect(opened.front.length).toBeGreaterThan(0);
});

test('a run that is stopped while data is loaded writes nothing', async () => {
  const stopping = new AbortController();
  const out = newFolder();
  const attempt = evolve(
    smallSettings,
    { out, signal: stopping.signal },
    {
      onLoad: () => {
        stopping.abort();
      },
    },
  );
  await expect(attempt).rejects.toMatchObject({ name: 'NeurostitchError', code: 'interrupted' });
  expect(existsSync(out)).toBe(false);
});

test('a run that is stopped while children are made makes no more of them', async () => {
  const stopping = new AbortController();
  const seen: string[] = [];
  const run = await evolve(
    { ...untrained, generations: 1, children: 1000 },
    { out: newFolder(), workers: 1, signal: stopping.signal },
    {
      onAsk(generation) {
        seen.push(`ask ${generation}`);
        if (generation === 1)
          setTimeout(() => {
            stopping.abort();
          }, 0);
      },
      onEvaluate: (generation) => seen.push(`evaluate ${generation}`),
    },
  );
  expect(seen).toEqual(['ask 0', 'evaluate 0', 'ask 1']);
  expect(run.record.end?.reason).toBe('interrupted');
  expect(run.record.individuals).toHaveLength(6);
});

test('a run in which no child can be made ends, tested, and stays ended', async () => {
  const operators = [{ ...growing, name: 'barren', sites: () => [] }];
  const out = newFolder();
  const run = await evolve({ ...untrained, stitchShare: 0 }, { out, workers: 1, operators });
  expect(run.record.end?.reason).toBe('exhausted');
  expect(run.record.generations).toHaveLength(1);
  expect(run.record.tests.size).toBeGreaterThan(0);
  const journal = journalOf(out);
  const again = await resume(out, { operators });
  expect(again.record.end?.reason).toBe('exhausted');
  // More generations change nothing about it.
  const more = await resume(out, { operators, generations: 5, allowChanges: true });
  expect(more.record.end?.reason).toBe('exhausted');
  expect(journalOf(out)).toEqual([
    ...journal,
    { type: 'limits', ...limitsOf(parseConfig({})), generations: 5 },
    { type: 'end', reason: 'exhausted' },
  ]);
});

test('own operators that do wrong fail their children, by name, and not the run', async () => {
  const operators: Operator[] = [
    { ...growing, name: 'no-number', sites: () => [{ factor: NaN }] },
    {
      ...growing,
      name: 'no-sites',
      sites() {
        throw new Error('no idea where');
      },
    },
  ];
  const out = newFolder();
  const settings = { ...untrained, generations: 1, stitchShare: 0 };
  const run = await evolve(settings, { out, workers: 1, operators });
  expect(run.record.end?.reason).toBe('generations');
  const failures = run.record.individuals.flatMap(({ provenance, failure }) =>
    provenance.how === 'mutation' ? [`${provenance.operator}: ${failure}`] : [],
  );
  expect([...new Set(failures)].sort()).toEqual([
    'no-number: Expected a site of texts, finite numbers, booleans and lists of them, got NaN (at no-number.factor)',
    'no-sites: no idea where',
  ]);
  expect((await openRun(out)).front).toEqual(run.front);
});

test('a run that is stopped while the front is tested keeps all but the tests', async () => {
  const stopping = new AbortController();
  const run = await evolve(
    { ...untrained, generations: 0 },
    { out: newFolder(), workers: 1, signal: stopping.signal },
    {
      onTest: () => {
        stopping.abort();
      },
    },
  );
  expect(run.record.end?.reason).toBe('interrupted');
  expect(run.record.tests.size).toBe(0);
  expect(run.front.length).toBeGreaterThan(0);
});

test('a network whose training fails ranks worst; the run goes on', async () => {
  const training = { ...smallSettings.training, childLearningRate: 1e30 };
  const run = await evolve(
    { ...smallSettings, training, stitchShare: 0, generations: 1 },
    { out: newFolder(), workers: 2 },
  );
  const failed = run.record.individuals.filter(({ failure }) => failure !== null);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed[0]!.failure).toContain('Expected a finite training loss');
  expect(failed[0]!.validation).toBeNull();
  expect(run.front.map(({ id }) => id)).not.toContain(failed[0]!.id);
});

test.each<[string, unknown, object, string, string]>([
  ['an unknown data set', { data: 'cifar' }, {}, 'not-found', 'got "cifar"'],
  [
    'a wrong type',
    { generations: 'many' },
    {},
    'bad-config',
    'Expected a whole number, 0 or more, got "many" (at generations)',
  ],
  ['a negative size', { children: -1 }, {}, 'bad-config', '(at children)'],
  ['zero', { training: { batchSize: 0 } }, {}, 'bad-config', '(at training.batchSize)'],
  ['an unknown key', { generation: 3 }, {}, 'bad-config', 'got "generation"'],
  ['an unknown operator', { operators: ['grow'] }, {}, 'not-found', 'grow'],
  ['no workers', {}, { workers: 0 }, 'bad-argument', 'a whole number from 1 to 256, got 0 (at workers)'],
  ['too many workers', {}, { workers: 257 }, 'bad-argument', 'a whole number from 1 to 256, got 257 (at workers)'],
  ['what is no signal', {}, { signal: {} }, 'bad-argument', 'an AbortSignal, got {} (at signal)'],
  ['no operators', {}, { operators: [] }, 'bad-argument', 'got [] (at operators)'],
  ['what is no first network', {}, { first: 'mlp' }, 'bad-argument', 'got "mlp" (at first)'],
  ['no test share', { split: { test: 0 } }, {}, 'bad-argument', 'a test share between 0 and 1, got 0 (at split.test)'],
  ['shares that leave nothing to train on', { split: { validation: 0.9, test: 0.9 } }, {}, 'bad-config', 'train'],
  ['shares that leave a class without', { split: { validation: 0.5, test: 0.499 } }, {}, 'bad-data', 'train'],
])('%s is refused before anything is written', async (_, settings, options, code, message) => {
  const out = newFolder();
  const attempt = evolve(settings as object, { out, ...options });
  await expect(attempt).rejects.toThrow(NeurostitchError);
  await expect(attempt).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string });
  expect(existsSync(out)).toBe(false);
});

test.each([undefined, {}, { out: '' }])('options %j name no folder', async (options) => {
  const attempt = evolve(smallSettings, options as EvolveOptions);
  await expect(attempt).rejects.toMatchObject({ name: 'NeurostitchError', code: 'bad-argument', path: 'out' });
});

test('a folder in use is not touched', async () => {
  const out = newFolder();
  mkdirSync(out);
  writeFileSync(join(out, 'thesis.txt'), 'all my work');
  await expect(evolve(smallSettings, { out })).rejects.toMatchObject({ code: 'out-exists' });
  expect(readFileSync(join(out, 'thesis.txt'), 'utf8')).toBe('all my work');
});
