// Makes folders and files; what the operating system refuses becomes an error for users.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ofSystem } from '../errors.ts';

let count = 0;

/** Does `work` on a path. Throws `bad-argument` or `system-failed` where the operating system refuses it. */
export function onPath<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw ofSystem(error, path);
  }
}

/** Creates a folder and those above it, one by one: Node's own recursive mkdir never returns for places like /proc/x. */
export function createFolder(folder: string): void {
  const path = resolve(folder);
  if (existsSync(path)) return;
  createFolder(dirname(path));
  onPath(path, () => {
    mkdirSync(path);
  });
}

/** Waits until the names in a folder are on the disk, where the system lets one ask for that. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  onPath(folder, () => {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  });
}

/** Writes to a temporary name beside `path`, syncs, and renames: a crash leaves the old content or the new. */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  count += 1;
  const temporary = `${path}.${process.pid}-${count}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // What went wrong first is what is told.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw ofSystem(error, path);
  }
}

/**
 * Removes what processes left that were killed while they wrote; for whoever alone writes to the folder, if there is one.
 * Throws as `onPath` does, also where a file is in its place.
 */
export function removeUnfinished(folder: string): void {
  onPath(folder, () => {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      if (/\.\d+-\d+\.tmp$/.test(name)) rmSync(join(folder, name), { force: true });
    }
  });
}
