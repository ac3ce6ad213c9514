// The architectures that a report shows: layers without weights, each distinct layer once.
import { join } from 'node:path';
import { blobsName } from '../population/run/run-directory.ts';
import { frontOf, type RunRecord } from '../population/run/run-record.ts';
import { NeurostitchError } from '../src/errors.ts';
import type { Network } from '../src/network/network.ts';
import { FileBlobStore } from '../src/store/blob-store.ts';
import { loadModel } from '../src/store/model-store.ts';
import { layerRows, settingsText } from './layer-table.ts';
import type { Architectures, ShownLayer } from './shown-layers.ts';

/** A network's layers in topological order. Throws `bad-network` where a layer does not fit its inputs. */
export function shownLayers(network: Network): ShownLayer[] {
  return (
    layerRows(network)
      // What training changes is no part of the structure.
      .map((row) => ({ ...row, scalars: {} }))
      .map((row) => [row.id, row.kind, row.inputs, row.shape.join(' x '), row.params, row.macs, settingsText(row)])
  );
}

/** By the ids of individuals. */
export function architecturesOf(networks: ReadonlyMap<string, readonly ShownLayer[]>): Architectures {
  const layers: ShownLayer[] = [];
  const known = new Map<string, number>();
  const indexOf = (layer: ShownLayer): number => {
    const key = JSON.stringify(layer);
    const index = known.get(key) ?? layers.push(layer) - 1;
    known.set(key, index);
    return index;
  };
  const shown = [...networks].map(([id, network]): [string, number[]] => [id, network.map(indexOf)]);
  return { layers, networks: Object.fromEntries(shown) };
}

/** Reading thousands of networks for pages that few will open would take longer than the rest of the report. */
const mostOthers = 200;

/**
 * Reads, from a run's folder, the networks of the front's members and of their parents, and of the first 200 others. One
 * whose blobs are missing or damaged is left out: the rest of the report does not need it. Of a run that grows it may be
 * asked again and again: it reads every network once.
 */
export function architectureReader(folder: string): (record: RunRecord) => Promise<Architectures> {
  const blobs = new FileBlobStore(join(folder, blobsName));
  const read = new Map<string, readonly ShownLayer[]>();
  return async (record) => {
    const { individuals } = record;
    const others = individuals.filter(({ model }) => model !== null).slice(0, mostOthers);
    const wanted = new Set([
      ...frontOf(record).flatMap((member) => [member.id, ...member.parents]),
      ...others.map(({ id }) => id),
    ]);
    const networks = new Map<string, readonly ShownLayer[]>();
    for (const { id, model } of individuals) {
      if (model === null || !wanted.has(id)) continue;
      const network = read.get(model) ?? (await readLayers(blobs, model));
      if (network === undefined) continue;
      read.set(model, network);
      networks.set(id, network);
    }
    return architecturesOf(networks);
  };
}

async function readLayers(blobs: FileBlobStore, model: string): Promise<ShownLayer[] | undefined> {
  try {
    return shownLayers((await loadModel(blobs, model)).network);
  } catch (error) {
    if (error instanceof NeurostitchError && error.code === 'bad-run') return undefined;
    throw error;
  }
}
