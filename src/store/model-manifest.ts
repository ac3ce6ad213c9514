// A trained network as JSON that names its tensors by hash: for disk, for worker threads, and for other machines.
import { z } from 'zod';
import { expected } from '../errors.ts';
import type { Network } from '../network/network.ts';
import { sizeOf, tensor, tensorHash, type Tensor } from '../network/tensor.ts';
import { validate } from '../network/validate.ts';
import type { TrainedNetwork, TrainingState } from '../training/training-state.ts';

const attributeValue: z.ZodType<string | number | boolean | readonly unknown[]> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.lazy(() => z.array(attributeValue)),
]);

const tensorReference = z.strictObject({
  shape: z.array(z.int().min(0)),
  /** SHA-256 of the values as little-endian float32. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
const moments = z.strictObject({ first: tensorReference, second: tensorReference, age: tensorReference });

const manifestSchema = z.strictObject({
  format: z.literal('neurostitch-model-1'),
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      inputs: z.array(z.string()),
      attributes: z.record(z.string(), attributeValue),
      params: z.record(z.string(), tensorReference),
    }),
  ),
  moments: z.record(z.string(), z.record(z.string(), moments)),
});

export type ModelManifest = z.infer<typeof manifestSchema>;
type TensorReference = z.infer<typeof tensorReference>;

/** The manifest, and every tensor it names, by hash. */
export function toManifest({ network, state }: TrainedNetwork): {
  readonly manifest: ModelManifest;
  readonly tensors: ReadonlyMap<string, Tensor>;
} {
  const tensors = new Map<string, Tensor>();
  const refer = (value: Tensor): TensorReference => {
    const hash = tensorHash(value);
    tensors.set(hash, value);
    return { shape: [...value.shape], hash };
  };
  const manifest = {
    format: 'neurostitch-model-1' as const,
    nodes: network.nodes.map((node) => ({
      id: node.id,
      kind: node.kind,
      inputs: [...node.inputs],
      attributes: node.attributes,
      params: mapValues(node.params, refer),
    })),
    moments: mapValues(state.moments, (byName) =>
      mapValues(byName, ({ first, second, age }) => ({
        first: refer(first),
        second: refer(second),
        age: refer(age),
      })),
    ),
  };
  return { manifest, tensors };
}

/** Checks the form of a manifest; throws `bad-model`. */
export function parseManifest(json: unknown): ModelManifest {
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw expected('bad-model', 'a neurostitch-model-1 manifest', issue!.message, issue!.path.join('.'));
  }
  return parsed.data;
}

/**
 * The trained network of a manifest; `lookup` gives each tensor's values by hash.
 *
 * Throws `bad-model` for values that do not fit and `bad-network` for a network that does not validate.
 */
export function fromManifest(
  { nodes, moments: states }: ModelManifest,
  lookup: (hash: string) => Float32Array<ArrayBuffer>,
): TrainedNetwork {
  const tensors = new Map<string, Tensor>();
  const resolve = ({ shape, hash }: TensorReference): Tensor => {
    const key = `${hash} ${shape.join()}`;
    let found = tensors.get(key);
    if (!found) {
      const data = lookup(hash);
      if (data.length !== sizeOf(shape)) throw expected('bad-model', `${sizeOf(shape)} values`, data.length, hash);
      found = tensor(shape, data);
      tensors.set(key, found);
    }
    return found;
  };
  const network = {
    nodes: nodes.map((node) => ({ ...node, params: mapValues(node.params, resolve) })),
  } as Network;
  validate(network);
  const state: TrainingState = {
    moments: mapValues(states, (byName) =>
      mapValues(byName, ({ first, second, age }) => ({
        first: resolve(first),
        second: resolve(second),
        age: resolve(age),
      })),
    ),
  };
  return { network, state };
}

/** The hashes of all tensors that a manifest names. */
export function manifestHashes({ nodes, moments: states }: ModelManifest): Set<string> {
  const params = nodes.flatMap((node) => Object.values(node.params));
  const memory = Object.values(states).flatMap((byName) => Object.values(byName).flatMap((own) => Object.values(own)));
  return new Set([...params, ...memory].map(({ hash }) => hash));
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
