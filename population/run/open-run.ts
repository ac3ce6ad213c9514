// A run read back from its folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expected } from '../../src/errors.ts';
import { FileBlobStore } from '../../src/store/blob-store.ts';
import { readJournal } from '../../src/store/journal-file.ts';
import { loadModel } from '../../src/store/model-store.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import type { IndividualRecord } from './journal-events.ts';
import { blobsName, journalName, requireFolderName } from './run-directory.ts';
import { frontOf, toRunRecord, type FrontMember, type RunRecord } from './run-record.ts';

/** A run read back from its folder. */
export interface OpenedRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly front: readonly FrontMember[];
  /** An individual's network and training state. Throws `not-found` for an unknown id or one that failed. */
  model(id: string): Promise<TrainedNetwork>;
  /** An individual's ancestors, each once, in the order in which they were evaluated. Throws `not-found` for an unknown id. */
  ancestors(id: string): readonly IndividualRecord[];
}

/**
 * Reads a run, finished or not, also while it is written. Throws `not-found` where there is none, `bad-run` where it is
 * damaged, and `bad-argument` for what names no folder.
 */
export async function openRun(folder: string): Promise<OpenedRun> {
  requireFolderName(folder, 'folder');
  const path = join(folder, journalName);
  if (!existsSync(path)) throw expected('not-found', `a run folder with a ${journalName}`, folder);
  const record = toRunRecord(await readJournal(path), path);
  const blobs = new FileBlobStore(join(folder, blobsName));
  return {
    folder,
    record,
    front: frontOf(record),
    model: async (id) => {
      const found = [...record.individuals, ...record.controls].find((individual) => individual.id === id);
      if (!found?.model) {
        const ids = record.individuals.filter(({ model }) => model !== null).map((individual) => individual.id);
        throw expected('not-found', 'the id of an evaluated individual', id, folder, ids);
      }
      return loadModel(blobs, found.model);
    },
    ancestors(id) {
      const known = new Map([...record.individuals, ...record.controls].map((one) => [one.id, one]));
      const found = known.get(id);
      if (!found) throw expected('not-found', 'the id of an individual', id, folder, [...known.keys()]);
      const ids = new Set<string>(found.provenance.parents);
      for (const parent of ids) for (const older of known.get(parent)!.provenance.parents) ids.add(older);
      return record.individuals.filter((one) => ids.has(one.id));
    },
  };
}
