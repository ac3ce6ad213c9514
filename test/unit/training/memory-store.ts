// Blobs in memory, for tests that save and load.
import { sha256, type BlobStore } from '../../../src/store/blob-store.ts';

export function memoryStore(): BlobStore {
  const blobs = new Map<string, Uint8Array>();
  return {
    put(bytes) {
      const hash = sha256(bytes);
      blobs.set(hash, Uint8Array.from(bytes));
      return Promise.resolve(hash);
    },
    get: (hash) => Promise.resolve(Uint8Array.from(blobs.get(hash)!)),
  };
}
