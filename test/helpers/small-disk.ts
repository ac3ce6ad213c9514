// A disk of a few kilobytes that can be full: a tmpfs, which only root can mount.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mount = (...args: readonly string[]): Buffer => execFileSync('mount', args, { stdio: 'pipe' });

export class SmallDisk {
  readonly path = mkdtempSync(join(tmpdir(), 'neurostitch-disk-'));

  constructor(kibibytes: number) {
    mount('-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'none', this.path);
  }

  /** Whether this process may mount one. */
  static isAllowed(): boolean {
    try {
      new SmallDisk(4).remove();
      return true;
    } catch {
      return false;
    }
  }

  /** What is on it stays. */
  resize(kibibytes: number): void {
    mount('-o', `remount,size=${kibibytes}k`, this.path);
  }

  /** Takes up all that is free. */
  fill(): void {
    const file = openSync(join(this.path, 'filler'), 'a');
    try {
      for (;;) writeSync(file, Buffer.alloc(4096));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  remove(): void {
    execFileSync('umount', [this.path]);
    rmSync(this.path, { recursive: true });
  }
}
