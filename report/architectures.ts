// The architectures that a report shows: layers without weights, each distinct layer once.
import { join } from 'node:path';
import { blobsName } from '../population/run/run-directory.ts';
import { frontOf, type RunRecord } from '../population/run/run-record.ts';
import { NeurostitchError } from '../src/errors.ts';
import type { Network } from '../src/network/network.ts';
import { FileBlobStore } from '../src/store/blob-store.ts';
import { loadModel } from '../src/store/model-store.ts';
import { layerRows, settingsText } from './layer-table.ts';

/** A layer as text for the page: name, kind, what it reads, output shape, parameters, MACs, settings. */
export type ShownLayer = readonly [
  name: string,
  kind: string,
  reads: readonly string[],
  output: string,
  params: number,
  macs: number,
  settings: string,
];

export interface Architectures {
  /** What children share with their parents is in it once. */
  readonly layers: readonly ShownLayer[];
  /** Indices of an individual's layers in topological order, by id. */
  readonly networks: Readonly<Record<string, readonly number[]>>;
}

/** Throws `bad-network` where a layer does not fit its inputs. */
export function architecturesOf(networks: ReadonlyMap<string, Network>): Architectures {
  const layers: ShownLayer[] = [];
  const known = new Map<string, number>();
  const indexOf = (layer: ShownLayer): number => {
    const key = JSON.stringify(layer);
    const index = known.get(key) ?? layers.push(layer) - 1;
    known.set(key, index);
    return index;
  };
  const shown = [...networks].map(([id, network]): [string, number[]] => [
    id,
    layerRows(network)
      // What training changes is no part of the structure.
      .map((row) => ({ ...row, scalars: {} }))
      .map((row) =>
        indexOf([row.id, row.kind, row.inputs, row.shape.join(' x '), row.params, row.macs, settingsText(row)]),
      ),
  ]);
  return { layers, networks: Object.fromEntries(shown) };
}

/** Reading thousands of networks for pages that few will open would take longer than the rest of the report. */
const mostOthers = 200;

/**
 * The networks of the front's members and of their parents, and of the first 200 others, read from the run's folder.
 * One whose blobs are missing or damaged is left out: the rest of the report does not need it.
 */
export async function readArchitectures(folder: string, record: RunRecord): Promise<Architectures> {
  const { individuals } = record;
  const others = individuals.filter(({ model }) => model !== null).slice(0, mostOthers);
  const wanted = new Set([
    ...frontOf(record).flatMap((member) => [member.id, ...member.parents]),
    ...others.map(({ id }) => id),
  ]);
  const blobs = new FileBlobStore(join(folder, blobsName));
  const networks = new Map<string, Network>();
  for (const { id, model } of individuals) {
    if (model !== null && wanted.has(id)) {
      const network = await readNetwork(blobs, model);
      if (network) networks.set(id, network);
    }
  }
  return architecturesOf(networks);
}

async function readNetwork(blobs: FileBlobStore, model: string): Promise<Network | undefined> {
  try {
    return (await loadModel(blobs, model)).network;
  } catch (error) {
    if (error instanceof NeurostitchError && error.code === 'bad-run') return undefined;
    throw error;
  }
}
