// Runs with settings and parts of every kind: any number of workers, cut off and resumed, they come out the same.
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  evolve,
  openRun,
  resume,
  stitchTypes,
  type EvolutionRun,
  type EvolutionSettings,
  type RunParts,
} from '../../index.ts';
import { loadDataset } from '../../src/data/dataset.ts';
import { changeLine, cutOff, journalLines } from '../helpers/cut-off-run.ts';
import { layers, lossUpTo, worstRecall } from '../helpers/own-objectives.ts';
import { allPixels, smoothedConv } from '../helpers/own-stitch-types.ts';
import { journalOf, newRunFolder, smallSettings } from '../helpers/small-run.ts';

const folders: string[] = [];
const kept = (folder: string): string => {
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(dirname(folder), { recursive: true, force: true });
});

function run(settings: EvolutionSettings, workers: number, parts: RunParts = {}): Promise<EvolutionRun> {
  return evolve({ ...smallSettings, ...settings }, { out: kept(newRunFolder()), workers, ...parts });
}

/** Which of the types of code children have: they name their nodes by them. */
async function stitchesOf({ folder, record }: EvolutionRun): Promise<string[]> {
  const opened = await openRun(folder);
  const stitched = record.individuals.filter((one) => one.provenance.how === 'stitching' && one.model !== null);
  const models = await Promise.all(stitched.map(({ id }) => opened.model(id)));
  const ids = models.flatMap(({ network }) => network.nodes.map(({ id }) => id));
  return [
    ...(ids.some((id) => id.endsWith('.mean')) ? ['smoothedConv'] : []),
    ...(ids.some((id) => id.endsWith('.flatten')) ? ['allPixels'] : []),
  ];
}

/** The run as a crash after so many lines would have left it. */
function cutAfter({ folder }: EvolutionRun, lines: number): string {
  return kept(cutOff(folder, Buffer.byteLength(journalLines(folder).slice(0, lines).join(''))));
}

describe('the journal is the same with 1 and 2 workers, and after a cut', () => {
  test.each<[string, EvolutionSettings, RunParts]>([
    ['stitch types of code', { stitchShare: 0.9 }, { stitchTypes: [smoothedConv, allPixels, ...stitchTypes] }],
    [
      'rungs, controls and LEMONADE',
      {
        rungs: true,
        control: true,
        selection: 'lemonade',
        training: { firstEpochs: 40, childEpochs: 1, fitSamples: 128 },
      },
      {},
    ],
    [
      'an objective and a constraint of code, weights from scratch',
      {
        objectives: ['worst-recall', 'bytes', 'loss'],
        constraints: { 'worst-recall': { min: 0.2 }, macs: { max: 40_000 } },
        weights: 'fresh',
      },
      { objectives: [worstRecall] },
    ],
    // Of nine nodes at most, there are few whole ones: failed ones become parents, too.
    ...[9, 13].map((nodes): [string, EvolutionSettings, RunParts] => [
      `rungs, and an objective that fails above ${nodes} nodes`,
      { rungs: true, objectives: ['error', 'loss-of-small-ones'] },
      { objectives: [lossUpTo(nodes)] },
    ]),
  ])('%s', async (_, settings, parts) => {
    const [one, two] = await Promise.all([run(settings, 1, parts), run(settings, 2, parts)]);
    expect(journalOf(two.folder)).toEqual(journalOf(one.folder));
    expect(two.front).toEqual(one.front);
    if (parts.stitchTypes) expect(await stitchesOf(one)).toContain('smoothedConv');
    const { individuals, start } = one.record;
    const ended = individuals.filter(({ validation }) => validation && validation.samples < start.dataset.validation);
    // With another objective that takes an evaluation, none may end early.
    expect(ended.length > 0).toBe(settings.rungs === true && settings.objectives === undefined);
    const folder = cutAfter(one, 11);
    const resumed = await resume(folder, { workers: 2, ...parts });
    expect(journalOf(folder)).toEqual(journalOf(one.folder));
    expect(resumed.front).toEqual(one.front);
  });
});

test('a clock is not asked twice: latencies of a resumed run are those that it had', async () => {
  const whole = await run({ objectives: ['error', 'latency'], generations: 1 }, 2);
  const latencies = ({ record }: EvolutionRun): number[] => record.individuals.map(({ values }) => values!.latency!);
  expect(latencies(whole).every((latency) => latency > 0)).toBe(true);
  expect(whole.record.start.objectives.map(({ name, reproducible }) => [name, reproducible])).toEqual([
    ['error', true],
    ['latency', false],
  ]);
  const folder = cutAfter(whole, 9);
  const resumed = await resume(folder, { workers: 2 });
  expect(latencies(resumed).slice(0, 7)).toEqual(latencies(whole).slice(0, 7));
  expect(resumed.record.end?.reason).toBe('generations');
});

test('data can come from memory; a run on it goes on only with the same', async () => {
  const dataset = await loadDataset('digits');
  const [named, given] = await Promise.all([run({}, 1), run({}, 1, { dataset })]);
  const [start, ...rest] = journalOf(given.folder);
  expect(start).toEqual({ ...journalOf(named.folder)[0], parts: ['dataset'] });
  expect(rest).toEqual(journalOf(named.folder).slice(1));
  const folder = cutAfter(given, 9);
  await expect(resume(folder)).rejects.toThrow('Expected the dataset that code gave the run, got nothing (at dataset)');
  await resume(folder, { dataset });
  expect(journalOf(folder)).toEqual(journalOf(given.folder));
});

test('an hour that is over ends the sitting, and resume has another', async () => {
  const whole = await run({}, 2);
  const first = await run({ maxSeconds: 0.001 }, 2);
  expect([first.record.end?.reason, first.record.generations.length]).toEqual(['maxSeconds', 1]);
  const second = await resume(first.folder, { workers: 2 });
  expect([second.record.end?.reason, second.record.generations.length]).toEqual(['maxSeconds', 2]);
  const third = await resume(first.folder, { workers: 2, maxSeconds: null, allowChanges: true });
  expect(third.record.end?.reason).toBe('generations');
  expect(third.front).toEqual(whole.front);
  expect(third.record.individuals).toHaveLength(whole.record.individuals.length);
});

test('an objective that measures otherwise than before is refused, and who came from whom can be asked', async () => {
  const settings = { objectives: ['error', 'layers'], control: true };
  const whole = await run(settings, 2, { objectives: [layers] });
  const folder = cutAfter(whole, 11);
  const other = { ...layers, measure: () => 3 };
  await expect(resume(folder, { objectives: [other] })).rejects.toThrow(
    /Expected values.layers to be \d+ as before, got 3/,
  );

  const { ancestors, model, record } = await openRun(whole.folder).then((opened) => ({
    record: opened.record,
    ancestors: (id: string) => opened.ancestors(id).map((one) => one.id),
    model: (id: string) => opened.model(id),
  }));
  const child = record.individuals.findLast(({ provenance }) => provenance.how === 'mutation')!;
  expect(ancestors(child.id)).toEqual(expect.arrayContaining([...child.provenance.parents]));
  expect(ancestors(record.individuals[0]!.id)).toEqual([]);
  expect(() => ancestors('nobody')).toThrow('Expected the id of an individual, got "nobody"');
  expect((await model(record.controls[0]!.id)).network.nodes.length).toBeGreaterThan(2);
});

test('another machine goes on with a run', async () => {
  const whole = await run({ generations: 1 }, 2);
  const folder = cutAfter(whole, 9);
  changeLine(folder, 1, (text) => text.replace(/"cores":\d+/, '"cores":999'));
  const { record } = await resume(folder, { workers: 2 });
  expect(record.start.machine.cores).toBe(999);
  expect(record.end?.reason).toBe('generations');
  expect(existsSync(join(folder, 'models'))).toBe(true);
});
