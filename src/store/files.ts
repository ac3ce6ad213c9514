// Writes files so that a crash leaves the old content or the new, never half of it.
import { open, rename, rm } from 'node:fs/promises';

let count = 0;

/** Writes to a temporary name beside `path`, syncs, and renames. */
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
    await rm(temporary, { force: true });
    throw error;
  }
}
