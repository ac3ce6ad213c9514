// The folder of a run, written as it happens: config, journal, weights, front and models.
import { existsSync, lstatSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportOnnx } from '../../src/formats/onnx/export-onnx.ts';
import { expected, Words } from '../../src/errors.ts';
import { FileBlobStore } from '../../src/store/blob-store.ts';
import { createFolder, onPath, removeUnfinished, syncFolder, writeFileAtomically } from '../../src/store/files.ts';
import { FolderLock } from '../../src/store/folder-lock.ts';
import { JournalWriter, readJournal } from '../../src/store/journal-file.ts';
import { loadModel, saveModel } from '../../src/store/model-store.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import type { EvolutionConfig } from '../config.ts';
import type { JournalEvent, UntimedEvent } from './journal-events.ts';
import { frontOf, parseEvents, toRunRecord, type FrontMember, type RunRecord } from './run-record.ts';

export const journalName = 'journal.jsonl';
export const configName = 'config.json';
export const blobsName = 'blobs';
const modelsName = 'models';

/** Throws `bad-argument` for what names no folder; `place` is what callers call it. */
export function requireFolderName(folder: unknown, place: string): asserts folder is string {
  if (typeof folder !== 'string' || folder === '')
    throw expected('bad-argument', 'a folder for the run', folder, place);
}

/** Throws `out-exists` where a run cannot be started without overwriting something, `bad-argument` for no folder. */
export function requireUnused(folder: string): void {
  requireFolderName(folder, 'out');
  onPath(folder, () => {
    if (!lstatSync(folder, { throwIfNoEntry: false })) return;
    if (!statSync(folder).isDirectory())
      throw expected('out-exists', 'a new folder for the run', new Words('a file'), folder);
    if (readdirSync(folder).length > 0) {
      throw expected('out-exists', 'a new or empty folder for the run', new Words('one that is in use'), folder);
    }
  });
}

/** The one writer of a run's folder. */
export class RunWriter {
  readonly folder: string;
  readonly #lock: FolderLock;
  readonly #blobs: FileBlobStore;
  readonly #journal: JournalWriter;
  readonly #events: JournalEvent[];

  private constructor(folder: string, lock: FolderLock, journal: JournalWriter, events: JournalEvent[]) {
    this.folder = folder;
    this.#lock = lock;
    this.#blobs = new FileBlobStore(join(folder, blobsName));
    this.#journal = journal;
    this.#events = events;
  }

  /** Creates the folder of a new run; throws `out-exists` where it is in use. */
  static create(folder: string, config: EvolutionConfig): RunWriter {
    requireUnused(folder);
    createFolder(folder);
    // What is there first tells `reopen` how the run goes on, even if it was cut off here.
    const settings = join(folder, configName);
    onPath(settings, () => {
      writeFileSync(settings, configText(config), { flag: 'wx' });
    });
    const lock = new FolderLock(folder);
    try {
      createFolder(join(folder, blobsName));
      const journal = new JournalWriter(join(folder, journalName));
      syncFolder(folder);
      return new RunWriter(folder, lock, journal, []);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Opens the folder of a run that was cut off or has ended, to go on behind the journal's last whole line.
   *
   * Throws `not-found` where there is no run, `out-exists` where another process writes it, `bad-run` for a damaged
   * journal.
   */
  static async reopen(folder: string): Promise<RunWriter> {
    const path = join(folder, journalName);
    // Between its creation and its first byte a run has nothing to go on with.
    if (![path, join(folder, configName)].some(hasContent))
      throw expected('not-found', `a run folder with a ${configName} or a ${journalName}`, folder);
    const lock = new FolderLock(folder);
    try {
      createFolder(join(folder, blobsName));
      for (const each of [blobsName, modelsName].map((name) => join(folder, name))) removeUnfinished(each);
      const events = existsSync(path) ? parseEvents(await readJournal(path), path) : [];
      if (events.length > 0) toRunRecord(events, path);
      return new RunWriter(folder, lock, new JournalWriter(path), events);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Everything that the journal says, in order. */
  get events(): readonly JournalEvent[] {
    return this.#events;
  }

  /** Where the journal has its event of this index. */
  placeOf(index: number): string {
    return `${join(this.folder, journalName)}:${index + 1}`;
  }

  /** Appends an event with the time. */
  append<E extends UntimedEvent>(event: E): E & { readonly at: number } {
    const stamped = { ...event, at: Date.now() };
    this.#journal.append(stamped);
    this.#events.push(stamped);
    return stamped;
  }

  /** Waits until everything appended is on the disk. */
  sync(): void {
    this.#journal.sync();
  }

  /** Stores a model; returns its hash. It is on the disk then: no event outlives the blobs it names, whatever is cut. */
  async saveModel(trained: TrainedNetwork): Promise<string> {
    const hash = await saveModel(this.#blobs, trained);
    syncFolder(join(this.folder, blobsName));
    return hash;
  }

  /** Throws `bad-run`, naming the file, for missing or damaged blobs. */
  loadModel(hash: string): Promise<TrainedNetwork> {
    return loadModel(this.#blobs, hash);
  }

  record(): RunRecord {
    return toRunRecord(this.#events, join(this.folder, journalName));
  }

  async writeConfig(config: EvolutionConfig): Promise<void> {
    await writeFileAtomically(join(this.folder, configName), configText(config));
  }

  async writeFront(): Promise<readonly FrontMember[]> {
    const front = frontOf(this.record());
    await writeFileAtomically(join(this.folder, 'front.json'), `${JSON.stringify(front, null, 2)}\n`);
    return front;
  }

  /** Writes each of these networks as models/ID.onnx. */
  async writeModels(members: readonly { readonly id: string; readonly trained: TrainedNetwork }[]): Promise<void> {
    const folder = join(this.folder, modelsName);
    createFolder(folder);
    for (const { id, trained } of members) {
      await writeFileAtomically(join(folder, `${id}.onnx`), exportOnnx(trained.network));
    }
  }

  close(): void {
    try {
      this.#journal.sync();
      this.#journal.close();
    } finally {
      this.#lock.release();
    }
  }
}

/** False where there is no such file, also because what should be its folder is none. */
function hasContent(path: string): boolean {
  try {
    return statSync(path).size > 0;
  } catch {
    return false;
  }
}

function configText(config: EvolutionConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}
