// What recombining two models leaves: a run folder that others read; and refusals before there is a folder.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { firstPopulation } from '../../../population/first-population.ts';
import {
  openRun,
  recombine,
  type EvolutionRun,
  type NamedModel,
  type RecombinationSettings,
} from '../../../population/index.ts';
import { exportOnnx } from '../../../src/formats/onnx/export-onnx.ts';
import { importOnnx } from '../../../src/formats/onnx/import-onnx.ts';
import { costOf } from '../../../src/network/cost.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-recombine-'));
const file = (name: string): string => join(folder, name);
const settings = { data: 'digits', seed: 1, search: 'crossings', children: 8, tune: 2, epochs: 1 } as const;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const model = (name: string, network: Network): NamedModel => {
  return { name, trained: { network, state: freshTrainingState } };
};
const firsts = firstPopulation([1, 8, 8], 10, RandomStream.fromSeed(1));
/** As another program would hand it over: through ONNX. */
const imported = (name: string): NamedModel => {
  const { network } = firsts.find((one) => one.name === name)!;
  return model(name, importOnnx(exportOnnx(network)).network);
};
const recombined = (out: string, pair: readonly [NamedModel, NamedModel]): Promise<EvolutionRun> =>
  recombine(pair, settings, { out: file(out), workers: 1 });

test('two models become a run folder: models, children as fitted and as tuned, a tested front', async () => {
  const run = await recombined('run', [imported('cnn-4-8'), imported('mlp-16')]);
  const opened = await openRun(run.folder);
  expect(opened.front).toEqual(run.front);
  const { individuals, generations, start, end } = opened.record;
  // Rungs stop children that are beaten, so none of these.
  for (const { validation } of opened.front) expect(validation.samples).toBe(start.dataset.validation);
  expect(individuals.map(({ generation }) => generation)).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 2, 2]);
  expect(individuals.slice(0, 2).map(({ provenance }) => provenance)).toEqual(
    ['cnn-4-8', 'mlp-16'].map((name) => ({ how: 'first', name, parents: [] })),
  );
  const parents = individuals.slice(0, 2).map(({ id }) => id);
  for (const { provenance, failure, spent, generation } of individuals.slice(2)) {
    expect(failure).toBeNull();
    expect(provenance).toMatchObject({ how: 'stitching', parents });
    expect(spent.samples).toBe(generation === 2 ? start.dataset.train : 0);
  }
  expect(generations.map(({ evaluations }) => evaluations)).toEqual([2, 8, 10]);
  expect(end?.reason).toBe('generations');
  expect(run.front.length).toBeGreaterThan(0);
  for (const { id, test: tested, objectives } of run.front) {
    expect(tested).not.toBeNull();
    const { network } = importOnnx(await readFile(join(run.folder, 'models', `${id}.onnx`)));
    expect(costOf(network).macs).toBe(objectives.macs);
  }
  expect(readdirSync(join(run.folder, 'models'))).toHaveLength(run.front.length);

  // A child is a model like any other, for another partner too.
  const [child] = individuals.filter(({ generation }) => generation === 2);
  const named = { name: 'child', trained: await opened.model(child!.id) };
  const again = await recombined('again', [named, imported('resnet-6')]);
  for (const { failure } of again.record.individuals) expect(failure).toBeNull();
  expect(again.record.individuals).toHaveLength(10);
});

test('a signal ends it: before there is a folder by an error, later with what was committed', async () => {
  const pair = [imported('cnn-4-8'), imported('mlp-16')] as const;
  const early = recombine(pair, settings, { out: file('early'), workers: 1, signal: AbortSignal.abort() });
  await expect(early).rejects.toMatchObject({ code: 'interrupted' });
  expect(existsSync(file('early'))).toBe(false);

  for (const event of ['onStart', 'onFit'] as const) {
    const stopping = new AbortController();
    const stop = (): void => {
      stopping.abort();
    };
    const { signal } = stopping;
    const run = await recombine(pair, settings, { out: file(event), workers: 1, signal }, { [event]: stop });
    expect(run.record.end?.reason).toBe('interrupted');
    expect(run.record.individuals).toHaveLength(event === 'onStart' ? 0 : 2);
    expect((await openRun(run.folder)).front).toEqual(run.front);
  }
});

describe('what does not fit is refused before there is a folder, or data is loaded', () => {
  const dense = (units: number, { shape = [1, 8, 8], seed = 1 } = {}): NamedModel => {
    const net = new NetworkBuilder(shape, RandomStream.fromSeed(seed));
    if (shape.length > 1) net.layer('flatten');
    net.layer('dense', { units: 9 });
    net.layer('dense', { units });
    return model(`dense-${units}`, net.build());
  };
  const softmax = (): NamedModel => {
    const net = new NetworkBuilder([1, 8, 8], RandomStream.fromSeed(1));
    net.layer('flatten');
    for (const units of [9, 10]) net.layer('dense', { units });
    net.layer('softmax');
    return model('softmax', net.build());
  };
  const cnn = imported('cnn-4-8');
  const cases: Record<string, [pair: readonly unknown[], given: object, code: string, text: string]> = {
    'other inputs': [[cnn, dense(10, { shape: [64] })], {}, 'bad-network', 'two networks of one input shape'],
    'other classes': [[cnn, dense(3)], {}, 'bad-network', 'two networks of one output shape'],
    'one model': [[cnn], {}, 'bad-argument', 'two models, each { name, trained }'],
    'no model': [[cnn, { name: 'x' }], {}, 'bad-argument', 'a model { name, trained } with nodes'],
    'nothing between': [[dense(10), dense(10)], {}, 'bad-network', 'two networks with tensors to stitch, got none'],
    'another search': [[cnn, cnn], { search: 'all' }, 'bad-config', 'a search (crossings, nsga2, gomea, random)'],
    'too few to tune': [[cnn, cnn], { tune: 1 }, 'bad-config', '(at tune)'],
    'an unknown setting': [[cnn, cnn], { generations: 1 }, 'bad-config', 'the settings data, seed, search'],
  };
  test.each(Object.entries(cases))('%s', async (_, [pair, given, code, text]) => {
    const loaded: string[] = [];
    const events = { onLoad: (data: string) => void loaded.push(data) };
    const asked = { ...settings, ...given } as RecombinationSettings;
    const refused = recombine(pair as [NamedModel, NamedModel], asked, { out: file('refused'), workers: 1 }, events);
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(text) as string });
    expect(loaded).toEqual([]);
    expect(existsSync(file('refused'))).toBe(false);
  });

  const unfit: Record<string, [pair: readonly [NamedModel, NamedModel], data: string, text: string]> = {
    'other classes than the data': [[dense(3), dense(3, { seed: 2 })], 'digits', '10 outputs, one a class'],
    'no such data': [[cnn, imported('mlp-16')], 'nothing', 'Expected a data set'],
    'probabilities in place of logits': [[softmax(), imported('mlp-16')], 'digits', 'logits as output'],
  };
  test.each(Object.entries(unfit))('%s', async (_, [pair, data, text]) => {
    await expect(recombine(pair, { ...settings, data }, { out: file('unfit'), workers: 1 })).rejects.toThrow(text);
    expect(existsSync(file('unfit'))).toBe(false);
  });
});
