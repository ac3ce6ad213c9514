// A whole trained network in one safetensors file: weights as tensors, the graph as text beside them.
import { z } from 'zod';
import { expected, Words } from '../errors.ts';
import type { Network } from '../network/network.ts';
import { sameShape, type Tensor } from '../network/tensor.ts';
import { validate } from '../network/validate.ts';
import type { Moments, TrainedNetwork, TrainingState } from '../training/training-state.ts';
import { packPosition, positionSchema, unpackPosition } from './safetensors/position.ts';
import { readTensorFile } from './safetensors/read-tensors.ts';
import { writeTensors } from './safetensors/write-tensors.ts';

const metadataKey = 'neurostitch';
const format = 'neurostitch-network-1';

const graphSchema = z.strictObject({
  format: z.literal(format),
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      inputs: z.array(z.string()),
      // Each kind knows its own.
      attributes: z.record(z.string(), z.unknown()),
    }),
  ),
  position: positionSchema.exactOptional(),
});
type GraphNodes = z.infer<typeof graphSchema>['nodes'];

/** Ends the names of the tensors of early stopping's best epoch; no name of a parameter or moment holds an `@`. */
const bestMark = '@best';

/** What goes into the file beside the weights. */
export interface SaveOptions {
  /**
   * Whether the training state goes with the weights, to train on from there: the optimiser's moments and, of a training
   * that has not ended, its position (default: true).
   */
  readonly moments?: boolean;
}

/**
 * The network as a safetensors file. Parameters are tensors `node.parameter`, their moments `node.parameter:age` and
 * one for each slot of the optimiser (adam: `:first`, `:second`), and all of them once more with `@best` behind for the
 * best epoch of a training that has not ended. The nodes without their tensors are JSON under the metadata key
 * `neurostitch`, with the training's position. Other tools read the tensors as those of any safetensors file.
 */
export function saveSafetensors(
  trained: TrainedNetwork,
  { moments = true }: SaveOptions = {},
): Uint8Array<ArrayBuffer> {
  const { network, state } = trained;
  const nodes = network.nodes.map(({ id, kind, inputs, attributes }) => ({ id, kind, inputs, attributes }));
  const position = moments ? state.position : undefined;
  const best = position?.best ? namedTensors(position.best.trained, true) : [];
  const tensors = [
    ...namedTensors(trained, moments),
    ...best.map(([name, value]) => [name + bestMark, value] as const),
  ];
  const graph = { format, nodes, ...(position && { position: packPosition(position) }) };
  return writeTensors(new Map(tensors), new Map([[metadataKey, JSON.stringify(graph)]]));
}

function namedTensors({ network, state }: TrainedNetwork, moments: boolean): (readonly [name: string, Tensor])[] {
  const weights = network.nodes.flatMap(({ id, params }) =>
    Object.entries(params).map(([name, value]) => [`${id}.${name}`, value] as const),
  );
  if (!moments) return weights;
  const memory = Object.entries(state.moments).flatMap(([id, byName]) =>
    Object.entries(byName).flatMap(([name, own]) =>
      Object.entries(own).map(([part, value]) => [`${id}.${name}:${part}`, value] as const),
    ),
  );
  return [...weights, ...memory];
}

/**
 * The network of a file that `saveSafetensors` wrote and its training state, bit for bit; fresh where none was saved.
 *
 * Throws `bad-model` for damaged files and for tensors that are not the graph's, `bad-network` for a network that does
 * not validate. For safetensors files from elsewhere see `readTensors`.
 */
export function loadSafetensors(bytes: Uint8Array): TrainedNetwork {
  const { tensors, metadata } = readTensorFile(bytes);
  const text = metadata.get(metadataKey);
  if (text === undefined) {
    throw expected(
      'bad-model',
      'a safetensors file that neurostitch saved (for others: readTensors)',
      new Words('another'),
    );
  }
  const { nodes, position } = parseGraph(text);
  const own = new Map<string, Tensor>();
  const best = new Map<string, Tensor>();
  for (const [name, value] of tensors) {
    if (position?.best && name.endsWith(bestMark)) best.set(name.slice(0, -bestMark.length), value);
    else own.set(name, value);
  }
  const { network, state } = assembled(nodes, own);
  if (!position) return { network, state };
  return { network, state: { ...state, position: unpackPosition(position, () => assembled(nodes, best)) } };
}

/** The nodes with their tensors and moments. */
function assembled(nodes: GraphNodes, tensors: ReadonlyMap<string, Tensor>): TrainedNetwork {
  const params = new Map(nodes.map(({ id }) => [id, new Map<string, Tensor>()]));
  const moments: MomentParts = new Map();
  for (const [name, value] of tensors) {
    // Parameter names hold neither dots nor colons; node ids may.
    const [, id = '', param = '', part] = /^(.*)\.([^.:]+)(?::(\w+))?$/s.exec(name) ?? [];
    const own = params.get(id);
    if (!own) throw expected('bad-model', 'tensors of the nodes in the graph', name);
    if (part === undefined) own.set(param, value);
    else {
      const key = `${id}.${param}`;
      moments.set(key, (moments.get(key) ?? new Map<string, Tensor>()).set(part, value));
    }
  }
  const network = {
    nodes: nodes.map((node) => ({ ...node, params: Object.fromEntries(params.get(node.id)!) })),
  } as Network;
  validate(network);
  return { network, state: { moments: momentsOf(network, moments) } };
}

function parseGraph(text: string): z.infer<typeof graphSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw expected('bad-model', 'a graph in JSON', cause, metadataKey);
  }
  const parsed = graphSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw expected('bad-model', `a ${format} graph`, issue!.message, issue!.path.join('.'));
}

/** By `node.parameter`: the parts of its moments by name. */
type MomentParts = Map<string, Map<string, Tensor>>;

/** The moments of every parameter; what is left in `parts` then belongs to nothing. */
function momentsOf({ nodes }: Network, parts: MomentParts): TrainingState['moments'] {
  const byNode = nodes.map(({ id, params }) => {
    const byName = Object.entries(params).flatMap(([name, { shape }]): [string, Moments][] => {
      const key = `${id}.${name}`;
      const own = parts.get(key);
      if (!own) return [];
      parts.delete(key);
      const { age } = Object.fromEntries(own);
      if (!age) throw expected('bad-model', `an age beside ${[...own.keys()].join(', ')}`, new Words('none'), key);
      for (const [part, value] of own) {
        if (sameShape(value.shape, shape) || (part === 'age' && sameShape(value.shape, [1]))) continue;
        throw expected('bad-model', `a moment of shape [${shape.join(', ')}]`, value.shape, `${key}:${part}`);
      }
      return [[name, { ...Object.fromEntries(own), age }]];
    });
    return [id, Object.fromEntries(byName)] as const;
  });
  const [stray] = [...parts].flatMap(([key, own]) => [...own.keys()].map((part) => `${key}:${part}`));
  if (stray !== undefined) throw expected('bad-model', 'moments of parameters in the file', stray);
  return Object.fromEntries(byNode.filter(([, byName]) => Object.keys(byName).length > 0));
}
