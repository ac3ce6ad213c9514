// Random networks for laws: a short recipe that fast-check can shrink, built into a valid DAG with lively weights.
import fc from 'fast-check';
import { activationNames } from '../../src/layers/activation-functions.ts';
import { layerKind } from '../../src/layers/registry.ts';
import { pruneTo } from '../../src/network/edit.ts';
import { NetworkBuilder } from '../../src/network/network-builder.ts';
import type { Network, NetworkNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { sizeOf, tensor, type Shape } from '../../src/network/tensor.ts';
import { validate } from '../../src/network/validate.ts';
import { RandomStream } from '../../src/random/stream.ts';

interface Step {
  /** Which of the layers that fit here. */
  readonly layer: number;
  /** Which of the tensors made so far it reads. */
  readonly from: number;
  /** Which of the layer's variants. */
  readonly variant: number;
}

export interface Recipe {
  readonly seed: number;
  readonly input: Shape;
  readonly steps: readonly Step[];
}

export const classes = 3;

const imageShape = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(3, 5, 4, 7), fc.constantFrom(3, 4, 6, 5));

export function recipes(options: { maxSteps?: number } = {}): fc.Arbitrary<Recipe> {
  const step = fc.record({ layer: fc.nat(29), from: fc.nat(9), variant: fc.nat(23) });
  return fc.record({
    seed: fc.nat(1_000_000),
    input: fc.oneof(
      { weight: 3, arbitrary: imageShape },
      { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 1, max: 5 })) },
    ),
    steps: fc.array(step, { maxLength: options.maxSteps ?? 8 }),
  });
}

type Choice = readonly [kind: string, options: Record<string, unknown>, ...more: string[]];

const at = <T>(items: readonly T[], index: number): T => items[index % items.length]!;

/** Other tensors that a layer can read too. */
interface Partners {
  /** Of the same shape. */
  readonly equal: string | undefined;
  /** Of the same height and width; few enough channels that chains of concat stay small. */
  readonly joinable: string | undefined;
}

/** Layers that fit behind a tensor of this shape, the plain ones first. */
function choices(shape: Shape, variant: number, { equal, joinable }: Partners): Choice[] {
  const shared: Choice[] = [
    ['activation', { function: at(activationNames, variant) }],
    ['batchNorm', { epsilon: at([1e-5, 1e-2], variant) }],
    ['actiSwitch', { function: at(activationNames, variant) }],
    ...(equal === undefined
      ? []
      : ([
          ['add', {}, equal],
          ['average', {}, equal],
        ] as Choice[])),
  ];
  const more: Choice[] = [
    ['dropout', { rate: at([0.5, 0.2, 0], variant) }],
    ['scale', { initial: at([1, -0.5], variant) }],
    ...(joinable === undefined ? [] : ([['concat', {}, joinable]] as Choice[])),
    // Over a single channel the output is constant, and a batch norm behind it divides rounding by rounding.
    ...(shape[0]! > 1 ? ([['layerNorm', { epsilon: at([1e-3, 1e-2], variant) }]] as Choice[]) : []),
  ];
  if (shape.length === 1) {
    const softmax: Choice[] = shape[0]! > 1 ? [['softmax', {}]] : [];
    const [sides, otherwise] = [1 + (variant % 3), 1 + ((variant >> 2) % 2)];
    const size = shape[0]! % (sides * otherwise) === 0 ? [sides, otherwise] : [1, shape[0]!];
    return [
      ['dense', { units: 1 + (variant % 4), bias: variant % 5 !== 4 }],
      ...shared,
      ...more,
      ['reshape', { size }],
      ...softmax,
    ];
  }
  const [channels, height, width] = shape as [number, number, number];
  const kernel = [1 + (variant % Math.min(4, height)), 1 + ((variant >> 1) % Math.min(4, width))];
  const conv = { channels: channels * (1 + (variant % 2)), kernel, bias: variant % 5 !== 4 };
  const window = Math.min(height, width) > 1 ? 2 : 1;
  // Windows that overlap, with other pads on every side.
  const frame = [1 + (variant % Math.min(3, height)), 1 + ((variant >> 1) % Math.min(3, width))];
  const pool = {
    kernel: frame,
    stride: [1 + ((variant >> 2) % 2), 1 + ((variant >> 3) % 2)],
    padding: [0, 1, 2, 3].map((side) => (variant >> side) % frame[side % 2]!),
  };
  return [
    ['conv2d', { ...conv, padding: variant % 3 === 0 ? 'valid' : 'same' }],
    ['conv2d', { ...conv, stride: [1 + (variant % 2), 1 + ((variant >> 2) % 2)], groups: at([1, channels], variant) }],
    [
      'conv2d',
      { ...conv, dilation: [1 + (variant % 2), 2], padding: [1 + kernel[0]!, kernel[1]!, kernel[0]!, 2 * kernel[1]!] },
    ],
    [
      'maxPool',
      { kernel: window, stride: at([window, 1], variant), padding: at(['valid', 'same'] as const, variant >> 1) },
    ],
    ...shared,
    ['globalAvgPool', {}],
    ['flatten', {}],
    ...more,
    ['maxPool', pool],
    ['avgPool', { ...pool, countIncludePad: variant % 2 === 0 }],
    ['avgPool', { kernel: window, padding: at(['valid', 'same'] as const, variant) }],
    ['resize', { size: [1 + (variant % 5), 1 + ((variant >> 2) % 6)], mode: 'bilinear' }],
    ['resize', { size: [1 + ((variant >> 1) % 6), 1 + (variant % 4)], mode: 'nearest' }],
  ];
}

/** Builds the network of a recipe; every prefix of a recipe is a recipe. */
export function buildNetwork({ seed, input, steps }: Recipe): Network {
  const rng = RandomStream.fromSeed(seed);
  const builder = new NetworkBuilder(input, rng);
  const made = ['input'];
  for (const { layer, from, variant } of steps) {
    const layers = layersOf(builder.build());
    const source = at(made.toReversed(), from);
    const { output } = layers.get(source)!;
    const partners = made.filter((id) => id !== source && String(layers.get(id)!.output) === String(output));
    const joinables = made.filter((id) => {
      const [channels, ...pixels] = layers.get(id)!.output;
      return String(pixels) === String(output.slice(1)) && channels! + output[0]! <= 8;
    });
    const found = { equal: at(partners, variant), joinable: at(joinables, variant) };
    const [kind, options, ...more] = at(choices(output, variant, found), layer);
    made.push(builder.layer(kind, options, [source, ...more]));
  }
  if (layersOf(builder.build()).get(builder.last)!.output.length === 3) builder.layer('flatten');
  builder.layer('dense', { units: classes });
  const network = lively(pruneTo(builder.build().nodes, builder.last), rng.fork('weights'));
  validate(network);
  return network;
}

export function randomNetworks(
  options: { maxSteps?: number } = {},
): fc.Arbitrary<{ recipe: Recipe; network: Network }> {
  return recipes(options).map((recipe) => ({ recipe, network: buildNetwork(recipe) }));
}

/** Gives every parameter values that hide no mistake: biases non-zero, gamma of both signs, variance positive. */
export function lively(network: Network, rng: RandomStream): Network {
  return { nodes: network.nodes.map((node) => livelyNode(node, rng.fork(node.id))) };
}

function livelyNode(node: NetworkNode, rng: RandomStream): NetworkNode {
  const random = (name: string): number => (name === 'variance' ? 0.3 + rng.float() : 0.15 + 0.6 * rng.normal());
  const params = Object.entries(node.params).map(([name, { shape, data }]) => {
    const keep = name === 'weight' && layerKind(node.kind).params.weight!.trainable;
    return [
      name,
      keep
        ? { shape, data }
        : tensor(
            shape,
            data.map(() => random(name)),
          ),
    ] as const;
  });
  return { ...node, params: Object.fromEntries(params) };
}

/** Signed inputs for a batch. */
export function randomInput(network: Network, batch: number, seed: number): Float32Array {
  const rng = RandomStream.fromSeed(`input ${seed}`);
  const { output } = [...layersOf(network).values()][0]!;
  return Float32Array.from({ length: batch * sizeOf(output) }, () => rng.normal());
}

/** One class a sample, as probabilities. */
export function randomTargets(batch: number, seed: number): Float32Array {
  const rng = RandomStream.fromSeed(`targets ${seed}`);
  const targets = new Float32Array(batch * classes);
  for (let n = 0; n < batch; n++) targets[n * classes + rng.int(classes)] = 1;
  return targets;
}
