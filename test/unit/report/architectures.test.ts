import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobsName } from '../../../population/run/run-directory.ts';
import { architectureReader, architecturesOf, shownLayers } from '../../../report/architectures.ts';
import { writeReport } from '../../../report/write-report.ts';
import type { Network } from '../../../src/network/network.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Tensor } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { FileBlobStore } from '../../../src/store/blob-store.ts';
import { saveModel } from '../../../src/store/model-store.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';

function network(hidden: number, seed: number): Network {
  const net = new NetworkBuilder([1, 2, 3], RandomStream.fromSeed(seed));
  net.layer('flatten');
  net.layer('dense', { units: hidden });
  net.layer('actiSwitch', { function: 'relu' });
  net.layer('dense', { units: 3 });
  return net.build();
}

function trained({ nodes }: Network): Network {
  const learned = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.map((value) => value + 0.5) });
  return {
    nodes: nodes.map((node) => ({
      ...node,
      params: Object.fromEntries(Object.entries(node.params).map(([name, value]) => [name, learned(value)])),
    })),
  };
}

describe('architecturesOf', () => {
  it('has each layer once, whatever its weights', () => {
    const { layers, networks } = architecturesOf(
      new Map([
        ['parent', shownLayers(network(4, 1))],
        ['trained', shownLayers(trained(network(4, 2)))],
        ['child', shownLayers(network(5, 1))],
      ]),
    );
    expect(networks.trained).toEqual(networks.parent);
    // Input and flatten are shared; the wider layer, what follows it and the last layer are not.
    expect(networks.child?.map((layer) => networks.parent?.includes(layer))).toEqual([true, true, false, false, false]);
    expect(layers).toHaveLength(8);
    expect(layers[networks.child![2]!]).toEqual(['dense', 'dense', ['flatten'], '5', 35, 30, '']);
  });
});

describe('architectureReader', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'neurostitch-architectures-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads what has a model, and the report carries it', async () => {
    const store = new FileBlobStore(join(folder, blobsName));
    const model = await saveModel(store, { network: network(4, 1), state: freshTrainingState });
    const record = syntheticRunRecord({ size: 8, failEvery: 4 });
    const individuals = record.individuals.map((one) => ({ ...one, model: one.model && model }));
    const { networks } = await architectureReader(folder)({ ...record, individuals });
    expect(Object.keys(networks)).toEqual(individuals.filter((one) => one.model).map(({ id }) => id));
    const page = await readFile(await writeReport(folder, { ...record, individuals }), 'utf8');
    expect(page).toContain('"layers":[["input","input",[],"1 x 2 x 3",0,0,"shape 1 x 2 x 3"]');
    expect(page).toContain(`"folder":"${folder}"`);
  });

  it('leaves out what is missing or damaged, and keeps the rest', async () => {
    const store = new FileBlobStore(join(folder, blobsName));
    const models = [
      await saveModel(store, { network: network(5, 1), state: freshTrainingState }),
      await saveModel(store, { network: network(6, 1), state: freshTrainingState }),
      '0'.repeat(64),
    ];
    await appendFile(join(folder, blobsName, models[1]!), ' ');
    const record = syntheticRunRecord({ size: 3 });
    const individuals = record.individuals.map((one, index) => ({ ...one, model: models[index]! }));
    const { networks } = await architectureReader(folder)({ ...record, individuals });
    expect(Object.keys(networks)).toEqual([individuals[0]!.id]);
  });

  it('reads a network once, however often it is asked', async () => {
    const store = new FileBlobStore(join(folder, blobsName));
    const model = await saveModel(store, { network: network(7, 1), state: freshTrainingState });
    const { individuals, ...rest } = syntheticRunRecord({ size: 1 });
    const record = { ...rest, individuals: [{ ...individuals[0]!, model }] };
    const read = architectureReader(folder);
    const first = await read(record);
    await rm(join(folder, blobsName, model));
    expect(Object.keys(first.networks)).toEqual([individuals[0]!.id]);
    expect(await read(record)).toEqual(first);
  });
});
