// Has a stitch type build a stitch, and checks that it is what the type promises: anybody may have written it.
import { expected, NeurostitchError, Words } from '../../src/errors.ts';
import type { LayerInstance } from '../../src/layers/layer-kind.ts';
import { costOf, type NetworkCost } from '../../src/network/cost.ts';
import { replaceNodes } from '../../src/network/edit.ts';
import type { Network, NetworkNode } from '../../src/network/network.ts';
import { layersOf, outputShape } from '../../src/network/shapes.ts';
import { sameShape, type Shape } from '../../src/network/tensor.ts';
import { validate } from '../../src/network/validate.ts';
import { identityCoefficients } from './coefficients.ts';
import { linearParams, linearSize, type LinearSize } from './linear-params.ts';
import type { PlainLayer, StitchType } from './stitch-type.ts';

/** An unfitted stitch from one shape to another, what it costs, and the layers that its regression needs. */
export interface BuiltChain {
  readonly nodes: readonly NetworkNode[];
  readonly cost: NetworkCost;
  readonly align: PlainLayer | undefined;
  readonly target: PlainLayer | undefined;
}

/** What a chain reads and is called until it has a place. */
const [inputId, chainId] = ['input', 'stitch'];

/**
 * The chain of the type from shape `from` to shape `to`.
 *
 * Throws `bad-network`, naming the type, where its nodes make no network from the one shape to the other, have other
 * names than they may, or cannot hold the coefficients of the regression, and where the type itself throws.
 */
export function buildChain(type: StitchType, from: Shape, to: Shape): BuiltChain {
  try {
    const network = { nodes: [reading(from), ...type.build(chainId, inputId, from, to)] };
    validate(network);
    requireEnds(network, to);
    const linear = linearNode(network);
    const align = type.align && plain(type.align(from, to));
    const target = type.target && plain(type.target(to));
    requireRegression(linear.size, shapeBehind(from, align), shapeBehind(to, target));
    const [, ...nodes] = replaceNodes(network, new Map([[chainId, unfitted(linear)]])).nodes;
    return { nodes, cost: costOf(network), align, target };
  } catch (error) {
    const path = `stitch type ${type.name} from [${from.join(', ')}] to [${to.join(', ')}]`;
    if (!(error instanceof NeurostitchError)) throw expected('bad-network', 'a stitch', error, path);
    throw new NeurostitchError('bad-network', `${error.message} (at ${path})`, { path, cause: error });
  }
}

/** The chain's nodes as those of the stitch `id` that reads `input`; all stitches of one chain share its tensors. */
export function placedChain({ nodes }: BuiltChain, id: string, input: string): NetworkNode[] {
  const placed = (own: string): string => (own === inputId ? input : id + own.slice(chainId.length));
  return nodes.map((node) => ({ ...node, id: placed(node.id), inputs: node.inputs.map(placed) }));
}

function requireEnds(network: Network, to: Shape): void {
  const strange = network.nodes.find(({ id }, index) => index > 0 && id !== chainId && !id.startsWith(`${chainId}.`));
  if (strange) throw expected('bad-network', `nodes called ${chainId} or ${chainId}.NAME`, strange.id);
  const made = outputShape(network);
  if (!sameShape(made, to)) throw expected('bad-network', `a last node of shape [${to.join(', ')}]`, made);
}

/** The node that takes the coefficients. */
interface LinearNode {
  readonly node: NetworkNode;
  readonly layer: LayerInstance;
  readonly size: LinearSize;
}

function linearNode(network: Network): LinearNode {
  const node = network.nodes.find(({ id }) => id === chainId);
  const layer = layersOf(network).get(chainId);
  const size = node && layer && linearSize(node.kind, layer);
  if (size) return { node, layer, size };
  const got = node && new Words([node.kind, ...Object.keys(node.params)].join(', '));
  throw expected('bad-network', `a linear layer ${chainId} with a weight of one tap and a bias`, got);
}

function unfitted({ node, layer, size }: LinearNode): NetworkNode {
  return { ...node, params: linearParams(node.kind, layer, identityCoefficients(size.inputs, size.outputs)) };
}

/** Regressions need features and what they foretell at the same positions. */
function requireRegression({ inputs, outputs }: LinearSize, features: Shape, foretold: Shape): void {
  const positions = foretold.slice(1);
  if (foretold[0] === outputs && sameShape(features, [inputs, ...positions])) return;
  const wanted = `a regression of [${[outputs, ...positions].join(', ')}] on [${[inputs, ...positions].join(', ')}]`;
  throw expected('bad-network', wanted, new Words(`of [${foretold.join(', ')}] on [${features.join(', ')}]`));
}

function shapeBehind(shape: Shape, layer: PlainLayer | undefined): Shape {
  if (!layer) return shape;
  const network = { nodes: [reading(shape), { id: 'layer', ...layer, inputs: [inputId], params: {} }] };
  validate(network);
  return outputShape(network);
}

function reading(shape: Shape): NetworkNode {
  return { id: inputId, kind: 'input', inputs: [], attributes: { shape }, params: {} };
}

/** Nothing but what a worker is to know. */
function plain({ kind, attributes }: PlainLayer): PlainLayer {
  return { kind, attributes };
}
