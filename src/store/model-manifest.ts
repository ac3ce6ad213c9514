// A trained network as JSON that names its tensors by hash: for disk, for worker threads, and for other machines.
import { z } from 'zod';
import { expected } from '../errors.ts';
import type { Network } from '../network/network.ts';
import { sizeOf, tensor, tensorHash, type Tensor } from '../network/tensor.ts';
import { validate } from '../network/validate.ts';
import { positionFields, type TrainingPosition } from '../training/training-position.ts';
import type { TrainedNetwork } from '../training/training-state.ts';

const attributeValue: z.ZodType<string | number | boolean | readonly unknown[]> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.lazy(() => z.array(attributeValue)),
]);

/** Attributes as JSON keeps them: numbers are finite. */
export const attributesSchema = z.record(z.string(), attributeValue);

const tensorReference = z.strictObject({
  shape: z.array(z.int().min(0)),
  /** SHA-256 of the values as little-endian float32. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
/** Ages, and the slots of the optimiser. */
const moments = z.object({ age: tensorReference }).catchall(tensorReference);

/** Weights and memory. */
const trainedSchema = z.strictObject({
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      inputs: z.array(z.string()),
      attributes: attributesSchema,
      params: z.record(z.string(), tensorReference),
    }),
  ),
  moments: z.record(z.string(), z.record(z.string(), moments)),
});

const positionSchema = positionFields.extend({
  best: z.strictObject({ epoch: z.int().min(1), loss: z.number(), trained: trainedSchema }).exactOptional(),
});

const manifestSchema = trainedSchema.extend({
  format: z.literal('neurostitch-model-1'),
  /** Where a training that has not ended stands. */
  position: positionSchema.exactOptional(),
});

/** A trained network as plain data, with each tensor named by its hash. */
export type ModelManifest = z.infer<typeof manifestSchema>;
type TensorReference = z.infer<typeof tensorReference>;
type PackedNetwork = z.infer<typeof trainedSchema>;

/** The manifest, and every tensor it names, by hash. */
export function toManifest(trained: TrainedNetwork): {
  readonly manifest: ModelManifest;
  readonly tensors: ReadonlyMap<string, Tensor>;
} {
  const tensors = new Map<string, Tensor>();
  const refer = (value: Tensor): TensorReference => {
    const hash = tensorHash(value);
    tensors.set(hash, value);
    return { shape: [...value.shape], hash };
  };
  const pack = ({ network, state }: TrainedNetwork): PackedNetwork => ({
    nodes: network.nodes.map((node) => ({
      id: node.id,
      kind: node.kind,
      inputs: [...node.inputs],
      attributes: node.attributes,
      params: mapValues(node.params, refer),
    })),
    moments: mapValues(state.moments, (byName) => mapValues(byName, (own) => mapTensors(own, refer))),
  });
  const { position } = trained.state;
  const manifest = {
    format: 'neurostitch-model-1' as const,
    ...pack(trained),
    ...(position && { position: packPosition(position, pack) }),
  };
  return { manifest, tensors };
}

function packPosition(
  { best, ...rest }: TrainingPosition,
  pack: (trained: TrainedNetwork) => PackedNetwork,
): z.infer<typeof positionSchema> {
  const stream = ({ key, generator }: TrainingPosition['stream']): z.infer<typeof positionFields>['stream'] => ({
    key,
    generator: [...generator],
  });
  return {
    ...rest,
    stream: stream(rest.stream),
    noise: stream(rest.noise),
    ...(best && { best: { ...best, trained: pack(best.trained) } }),
  };
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
  { position, ...manifest }: ModelManifest,
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
  const unpack = ({ nodes, moments: states }: PackedNetwork): TrainedNetwork => {
    const network = {
      nodes: nodes.map((node) => ({ ...node, params: mapValues(node.params, resolve) })),
    } as Network;
    validate(network);
    const state = { moments: mapValues(states, (byName) => mapValues(byName, (own) => mapTensors(own, resolve))) };
    return { network, state };
  };
  const { network, state } = unpack(manifest);
  if (!position) return { network, state };
  const { best, ...rest } = position;
  const unpacked = { ...rest, ...(best && { best: { ...best, trained: unpack(best.trained) } }) };
  return { network, state: { ...state, position: unpacked } };
}

/** The hashes of all tensors that a manifest names. */
export function manifestHashes({ position, ...manifest }: ModelManifest): Set<string> {
  const hashes = [manifest, ...(position?.best ? [position.best.trained] : [])].flatMap(
    ({ nodes, moments: states }) => {
      const params = nodes.flatMap((node) => Object.values(node.params));
      const memory = Object.values(states).flatMap((byName) =>
        Object.values(byName).flatMap((own) => Object.values(own)),
      );
      return [...params, ...memory].map(({ hash }) => hash);
    },
  );
  return new Set(hashes);
}

/** A memory with each of its tensors changed. */
function mapTensors<T, U>(
  { age, ...slots }: Readonly<Record<string, T>> & { readonly age: T },
  change: (value: T) => U,
): Readonly<Record<string, U>> & { readonly age: U } {
  return { ...mapValues(slots, change), age: change(age) };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
