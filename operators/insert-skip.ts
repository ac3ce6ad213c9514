// Lets a node's values reach a later one past the layers between, by a gate that is still closed.
import { scale } from '../src/layers/scale.ts';
import { insertAfter } from '../src/network/edit.ts';
import type { Attributes, Network } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import { filled, sameShape, type Shape } from '../src/network/tensor.ts';
import type { RandomStream } from '../src/random/stream.ts';
import { ancestorsOf } from './ancestors.ts';
import { chained, joiningLayer, mixingLayer, type NewLayer } from './new-layers.ts';
import type { Operator } from './operator.ts';
import { innerNode, refusedKernel } from './place-behind.ts';
import { refuse } from './refuse.ts';

/** From where to where. */
export interface InsertSkipSite extends Attributes {
  /** The node to whose values the others are added; all who read it then read the sum. */
  readonly node: string;
  /** A node that it is computed from. */
  readonly from: string;
}

/**
 * Where shapes are equal the gate is one learned scalar that starts at 0; else a layer of zeros, for images a 1x1
 * convolution with the stride that makes the sizes equal. Refused where the node's readers already add what comes from
 * there, as two gates side by side would learn the same for ever.
 */
export const insertSkip: Operator<InsertSkipSite> = {
  name: 'insert-skip',
  preserves: 'bit',
  cost: 'more',
  summary: 'Adds a skip connection y = F(x) + s * x with s = 0, or a 1x1 convolution of zeros where shapes differ.',
  formula: 'y = F(x) + s * x with s = 0, or y = F(x) + W x with W = 0',
  conditions:
    'between a layer and one that it depends on, whose shapes are equal or brought together by the stride of a 1x1 convolution; not where both are added already',
  source: 'ReZero (Bachlechner et al. 2020, arXiv:2003.04887); Network Morphism (Wei et al. 2016, arXiv:1603.01670)',

  sites(network) {
    const layers = layersOf(network);
    const ancestors = ancestorsOf(network);
    return network.nodes
      .slice(1, -1)
      .flatMap(({ id }) =>
        [...ancestors.get(id)!]
          .filter((from) => canBridge(layers.get(from)!.output, layers.get(id)!.output) && !isJoined(network, id, from))
          .map((from) => ({ node: id, from })),
      );
  },

  apply({ network, state }, { node: id, from }, rng) {
    const inner = innerNode(network, id);
    if ('refusal' in inner) return inner;
    const layers = layersOf(network);
    if (!layers.has(from)) return refuse('no-such-node', 'the id of a node', from);
    if (!ancestorsOf(network).get(id)!.has(from)) return refuse('wrong-kind', `a node that ${id} depends on`, from);
    const [input, output] = [layers.get(from)!.output, layers.get(id)!.output];
    if (!canBridge(input, output)) {
      return refuse('bad-size', 'shapes that one layer of zeros brings together', { from: input, to: output });
    }
    if (isJoined(network, id, from)) return refuse('wrong-kind', 'a node that is not added there yet', from);
    const [gate, sum] = chained(network, from, [closedGate(input, output, rng), joiningLayer('add')]);
    const chain = [gate!, { ...sum!, inputs: [id, gate!.id] }];
    return { child: { network: insertAfter(network, id, chain), state } };
  },
};

function canBridge(input: Shape, output: Shape): boolean {
  if (sameShape(input, output)) return true;
  if (input.length !== output.length || refusedKernel(input, 1) || refusedKernel(output, 1)) return false;
  return strides(input, output).every((step, axis) => Math.ceil(input[axis + 1]! / step) === output[axis + 1]);
}

/** Along each axis behind the channels. */
function strides(input: Shape, output: Shape): readonly number[] {
  return output.slice(1).map((size, axis) => Math.ceil(input[axis + 1]! / size));
}

function closedGate(input: Shape, output: Shape, rng: RandomStream): NewLayer {
  if (sameShape(input, output)) return { kind: scale.kind, attributes: {}, params: { factor: filled([1], 0) } };
  return mixingLayer(input, { channels: output[0]!, stride: strides(input, output), initializer: 'zeros' }, rng);
}

/** Whether some reader of the node also reads `from`, directly or through one layer. */
function isJoined({ nodes }: Network, id: string, from: string): boolean {
  const close = new Set([from, ...nodes.filter(({ inputs }) => inputs.includes(from)).map((node) => node.id)]);
  close.delete(id);
  return nodes.some(({ inputs }) => inputs.includes(id) && inputs.some((input) => close.has(input)));
}
