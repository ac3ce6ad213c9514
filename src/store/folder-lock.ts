// Keeps two processes from writing one folder: each puts its name there, and gives way to any other that lives.
import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expected, Words } from '../errors.ts';
import { onPath } from './files.ts';

/** The owner is in the file's name, since a name is there at once or not at all: lock-PID-START-HOST. */
const pattern = /^lock-(\d+)-(\d+)-(.+)$/;

/**
 * A lock on a folder. Locks of processes that ended without releasing them are removed.
 *
 * There is no moment at which two processes hold it: each first puts its file there and then looks for others. Two that
 * come at the very same time may both be refused.
 */
export class FolderLock {
  readonly #path: string;

  /** Throws `out-exists`, saying who, where another process (or this one) holds the lock. */
  constructor(folder: string) {
    const host = encodeURIComponent(hostname());
    const name = `lock-${process.pid}-${startOf(process.pid) ?? 0}-${host}`;
    const others = onPath(folder, () => readdirSync(folder));
    if (others.includes(name)) throw heldBy(folder, name, host);
    this.#path = join(folder, name);
    onPath(this.#path, () => {
      closeSync(openSync(this.#path, 'wx'));
    });
    for (const other of onPath(folder, () => readdirSync(folder))) {
      if (other === name || !pattern.test(other)) continue;
      if (mayLive(other, host)) {
        this.release();
        throw heldBy(folder, other, host);
      }
      rmSync(join(folder, other), { force: true });
    }
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}

/** Whether a process writes the folder, as far as this machine can tell; not where the folder cannot be read. */
export function isLocked(folder: string): boolean {
  const host = encodeURIComponent(hostname());
  try {
    return readdirSync(folder).some((name) => pattern.test(name) && mayLive(name, host));
  } catch {
    return false;
  }
}

function ownerOf(name: string): { readonly pid: number; readonly started: number; readonly host: string } {
  const [, pid, started, host] = pattern.exec(name)!;
  return { pid: Number(pid), started: Number(started), host: host! };
}

/** False only where it is certain: nothing is known of processes on other machines. */
function mayLive(name: string, host: string): boolean {
  const owner = ownerOf(name);
  if (owner.host !== host) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // Not ESRCH but EPERM: it lives, and is another user's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = startOf(owner.pid);
  return started === undefined || started === owner.started;
}

/**
 * When a process started, in clock ticks since the machine did: tells it from a later one with the same number.
 * -1 for one that has ended and only waits for its parent to notice; undefined where the system does not say.
 */
function startOf(pid: number): number | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // "PID (NAME) STATE ...": the name may hold anything, brackets too. See proc_pid_stat(5): STATE is 3, starttime 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? -1 : Number(fields[19]);
}

function heldBy(folder: string, name: string, host: string): Error {
  const owner = ownerOf(name);
  const remedy = owner.host === host ? '' : ' (if that process is gone, delete the file)';
  const holder = `one that process ${owner.pid} on ${decodeURIComponent(owner.host)} writes${remedy}`;
  return expected('out-exists', 'a run that no other process writes', new Words(holder), join(folder, name));
}
