// Tells when a run's folder has something new, by looking at it: no event of the file system is needed or trusted.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isLocked } from '../../src/store/folder-lock.ts';
import { configName, journalName } from '../../population/run/run-directory.ts';

/** Whether it is a run's, if only just created. */
export function isRun(folder: string): boolean {
  return [journalName, configName].some((name) => existsSync(join(folder, name)));
}

/** The names of the runs in a folder; none where it cannot be read. */
export function runsIn(folder: string): string[] {
  const names = orElse([], () => readdirSync(folder));
  return names.filter((name) => !name.startsWith('.') && isRun(join(folder, name))).sort();
}

/** A text that changes whenever the run's journal does, and when its process comes or goes. */
export function stampOfRun(folder: string): string {
  const journal = orElse(undefined, () => statSync(join(folder, journalName), { throwIfNoEntry: false }));
  return journal ? [journal.ino, journal.size, journal.mtimeMs, Number(isLocked(folder))].join('-') : 'none';
}

/** A text that changes whenever one of the runs in a folder does, or another comes or goes. */
export function stampOfRuns(folder: string): string {
  const runs = runsIn(folder).map((name) => [name, stampOfRun(join(folder, name))]);
  return createHash('sha256').update(JSON.stringify(runs)).digest('hex').slice(0, 16);
}

/** A state, and what was made of it. */
export interface Stamped<T> {
  readonly stamp: string;
  readonly value: T;
}

/** Makes something of a state, once for each state however often it is asked for. */
export function madeOnce<T>(stampOf: () => string, make: () => Promise<T>): () => Promise<Stamped<T>> {
  let last: Stamped<Promise<T>> | undefined;
  return async () => {
    const stamp = stampOf();
    // Looked at before it is read: what comes meanwhile makes another state.
    if (last?.stamp !== stamp) last = { stamp, value: make() };
    const made = last;
    try {
      return { stamp, value: await made.value };
    } catch (error) {
      if (last === made) last = undefined;
      throw error;
    }
  };
}

function orElse<T>(otherwise: T, look: () => T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
