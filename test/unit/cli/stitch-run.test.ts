// What `neurostitch stitch` does with two model files: a run folder that others read, and refusals before any work.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StitchSettings } from '../../../cli/recombination.ts';
import { stitchModels } from '../../../cli/stitch-run.ts';
import { openRun } from '../../../population/index.ts';
import { firstPopulation } from '../../../population/first-population.ts';
import { exportOnnx } from '../../../src/formats/onnx/export-onnx.ts';
import { importOnnx } from '../../../src/formats/onnx/import-onnx.ts';
import { costOf } from '../../../src/network/cost.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { RandomStream } from '../../../src/random/stream.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-stitch-'));
const file = (name: string): string => join(folder, name);
const settings: StitchSettings = { data: 'digits', seed: 1, search: 'crossings', children: 8, tune: 2, epochs: 1 };
const options = (out: string) => ({
  out: file(out),
  workers: 1,
  signal: new AbortController().signal,
  say: () => undefined,
});

beforeAll(() => {
  for (const { name, network } of firstPopulation([1, 8, 8], 10, RandomStream.fromSeed(1))) {
    writeFileSync(file(`${name}.onnx`), exportOnnx(network));
  }
  const other = new NetworkBuilder([1, 8, 8], RandomStream.fromSeed(1));
  other.layer('flatten');
  other.layer('dense', { units: 9 });
  other.layer('dense', { units: 3 });
  writeFileSync(file('three.onnx'), exportOnnx(other.build()));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('two models become a run folder: models, children as fitted and as tuned, a tested front', async () => {
  const run = await stitchModels([file('cnn-4-8.onnx'), file('mlp-16.onnx')], settings, options('run'));
  const opened = await openRun(run.folder);
  expect(opened.front).toEqual(run.front);
  const { individuals, generations, start, end } = opened.record;
  expect(individuals.map(({ generation }) => generation)).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 2, 2]);
  expect(individuals.slice(0, 2).map(({ provenance }) => provenance)).toEqual(
    ['cnn-4-8.onnx', 'mlp-16.onnx'].map((name) => ({ how: 'first', name, parents: [] })),
  );
  const parents = individuals.slice(0, 2).map(({ id }) => id);
  for (const { provenance, failure, samplesSeen, generation } of individuals.slice(2)) {
    expect(failure).toBeNull();
    expect(provenance).toMatchObject({ how: 'stitching', parents });
    expect(samplesSeen).toBe(generation === 2 ? start.dataset.train : 0);
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
});

test('what does not fit is refused before there is a folder', async () => {
  const refused = (a: string, b: string, given = settings) =>
    expect(stitchModels([file(a), file(b)], given, options('refused'))).rejects;
  await refused('cnn-4-8.onnx', 'nowhere.onnx').toThrow('Expected a model file, got none');
  await refused('cnn-4-8.onnx', 'three.onnx').toThrow('Expected two networks of one output shape');
  await refused('three.onnx', 'three.onnx').toThrow('Expected two networks with tensors to stitch, got none');
  await refused('cnn-4-8.onnx', 'mlp-16.onnx', { ...settings, data: 'nothing' }).toThrow('Expected a data set');
  expect(readdirSync(folder)).not.toContain('refused');
});
