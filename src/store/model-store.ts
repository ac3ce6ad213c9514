// Stores trained networks as blobs: one for the manifest, one for each distinct tensor.
import { expected, NeurostitchError } from '../errors.ts';
import { tensorBytes } from '../network/tensor.ts';
import type { TrainedNetwork } from '../training/training-state.ts';
import type { BlobStore } from './blob-store.ts';
import { fromManifest, manifestHashes, parseManifest, toManifest, type ModelManifest } from './model-manifest.ts';

/** Stores the network with its training state; returns the hash that names the model. */
export async function saveModel(store: BlobStore, trained: TrainedNetwork): Promise<string> {
  const { manifest, tensors } = toManifest(trained);
  for (const value of tensors.values()) await store.put(tensorBytes(value));
  return store.put(Buffer.from(JSON.stringify(manifest)));
}

/** Throws `bad-run` for missing or damaged blobs, `bad-model` for a manifest that is none. */
export async function loadModel(store: BlobStore, hash: string): Promise<TrainedNetwork> {
  const text = Buffer.from(await store.get(hash)).toString('utf8');
  let manifest: ModelManifest;
  try {
    manifest = parseManifest(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof NeurostitchError) throw cause;
    throw expected('bad-model', 'a manifest in JSON', cause, hash);
  }
  const values = new Map<string, Float32Array<ArrayBuffer>>();
  for (const tensor of manifestHashes(manifest)) {
    values.set(tensor, new Float32Array((await store.get(tensor)).buffer));
  }
  return fromManifest(manifest, (tensor) => values.get(tensor)!);
}
