// The folder of a run: config, journal, weights, front and models.
import { existsSync, lstatSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportOnnx } from '../../src/formats/onnx/export-onnx.ts';
import { expected, Words } from '../../src/errors.ts';
import { FileBlobStore } from '../../src/store/blob-store.ts';
import { createFolder, onPath, writeFileAtomically } from '../../src/store/files.ts';
import { JournalWriter, readJournal } from '../../src/store/journal-file.ts';
import { loadModel, saveModel } from '../../src/store/model-store.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import type { EvolutionConfig } from '../config.ts';
import type { UntimedEvent } from './journal-events.ts';
import { frontOf, toRunRecord, type FrontMember, type RunRecord } from './run-record.ts';

const journalName = 'journal.jsonl';

/** Throws `out-exists` where a run cannot be started without overwriting something, `bad-argument` for no folder. */
export function requireUnused(folder: string): void {
  if (folder === '') throw expected('bad-argument', 'a folder for the run', folder, 'out');
  onPath(folder, () => {
    if (!lstatSync(folder, { throwIfNoEntry: false })) return;
    if (!statSync(folder).isDirectory())
      throw expected('out-exists', 'a new folder for the run', new Words('a file'), folder);
    if (readdirSync(folder).length > 0) {
      throw expected('out-exists', 'a new or empty folder for the run', new Words('one that is in use'), folder);
    }
  });
}

/** Writes a run as it happens. */
export class RunWriter {
  readonly folder: string;
  readonly #blobs: FileBlobStore;
  readonly #journal: JournalWriter;
  readonly #events: object[] = [];

  /** Creates the folder; throws `out-exists` where it is in use. */
  constructor(folder: string, config: EvolutionConfig) {
    requireUnused(folder);
    const blobs = join(folder, 'blobs');
    createFolder(blobs);
    const settings = join(folder, 'config.json');
    onPath(settings, () => {
      writeFileSync(settings, `${JSON.stringify(config, null, 2)}\n`, { flag: 'wx' });
    });
    this.folder = folder;
    this.#blobs = new FileBlobStore(blobs);
    this.#journal = new JournalWriter(join(folder, journalName));
  }

  /** Appends an event with the time. */
  append<E extends UntimedEvent>(event: E): E & { readonly at: number } {
    const stamped = { ...event, at: Date.now() };
    this.#journal.append(stamped);
    this.#events.push(stamped);
    return stamped;
  }

  sync(): void {
    this.#journal.sync();
  }

  /** Stores a model; returns its hash. */
  saveModel(trained: TrainedNetwork): Promise<string> {
    return saveModel(this.#blobs, trained);
  }

  record(): RunRecord {
    return toRunRecord(this.#events, join(this.folder, journalName));
  }

  async writeFront(): Promise<readonly FrontMember[]> {
    const front = frontOf(this.record());
    await writeFileAtomically(join(this.folder, 'front.json'), `${JSON.stringify(front, null, 2)}\n`);
    return front;
  }

  /** Writes each of these networks as models/ID.onnx. */
  async writeModels(members: readonly { readonly id: string; readonly trained: TrainedNetwork }[]): Promise<void> {
    const folder = join(this.folder, 'models');
    createFolder(folder);
    for (const { id, trained } of members) {
      await writeFileAtomically(join(folder, `${id}.onnx`), exportOnnx(trained.network));
    }
  }

  close(): void {
    this.#journal.sync();
    this.#journal.close();
  }
}

/** A run read back from its folder. */
export interface OpenedRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly front: readonly FrontMember[];
  /** An individual's network and training state. Throws `not-found` for an unknown id or one that failed. */
  model(id: string): Promise<TrainedNetwork>;
}

/** Reads a run, finished or not. Throws `not-found` where there is none, `bad-run` where it is damaged. */
export async function openRun(folder: string): Promise<OpenedRun> {
  const path = join(folder, journalName);
  if (!existsSync(path)) throw expected('not-found', `a run folder with a ${journalName}`, folder);
  const record = toRunRecord(await readJournal(path), path);
  const blobs = new FileBlobStore(join(folder, 'blobs'));
  return {
    folder,
    record,
    front: frontOf(record),
    model: async (id) => {
      const found = record.individuals.find((individual) => individual.id === id);
      if (!found?.model) throw expected('not-found', 'the id of an evaluated individual', id, folder);
      return loadModel(blobs, found.model);
    },
  };
}
