// Content-addressed blobs: a file for each distinct content, named by its SHA-256.
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expected } from '../errors.ts';
import { writeFileAtomically } from './files.ts';

/** What reads and writes blobs by hash. */
export interface BlobStore {
  /** Stores the bytes unless they are there already, undamaged; returns their SHA-256. */
  put(bytes: Uint8Array): Promise<string>;
  /** Throws `bad-run` for a blob that is missing or whose bytes do not have this hash. */
  get(hash: string): Promise<Uint8Array<ArrayBuffer>>;
}

export class FileBlobStore implements BlobStore {
  readonly #folder: string;
  readonly #known = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(bytes: Uint8Array): Promise<string> {
    const hash = sha256(bytes);
    if (this.#known.has(hash)) return hash;
    try {
      await this.get(hash);
    } catch {
      await mkdir(this.#folder, { recursive: true });
      await writeFileAtomically(join(this.#folder, hash), bytes);
    }
    this.#known.add(hash);
    return hash;
  }

  async get(hash: string): Promise<Uint8Array<ArrayBuffer>> {
    const path = join(this.#folder, hash);
    let file: Buffer;
    try {
      file = await readFile(path);
    } catch (cause) {
      throw expected('bad-run', `blob ${hash}`, cause, path);
    }
    // A copy with a buffer of its own, aligned for float32 views.
    const bytes = new Uint8Array(file);
    if (sha256(bytes) !== hash) throw expected('bad-run', `bytes with SHA-256 ${hash}`, sha256(bytes), path);
    return bytes;
  }
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
