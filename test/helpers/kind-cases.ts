// Random small networks around one layer of a kind, whose gradients show the layer's own by every entry of its inputs.
import { activationNames } from '../../src/layers/activation-functions.ts';
import { NetworkBuilder } from '../../src/network/network-builder.ts';
import type { Network } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { sizeOf, tensor, type Shape } from '../../src/network/tensor.ts';
import type { RandomStream } from '../../src/random/stream.ts';

/** Inputs of one layer and what a person would write for it. */
interface LayerDraw {
  readonly inputs: readonly Shape[];
  readonly options: Readonly<Record<string, unknown>>;
}

export interface KindCase {
  readonly network: Network;
  /** The layer in question. */
  readonly node: string;
  readonly batch: { readonly size: number; readonly data: Float32Array };
  /** One value for each output. */
  readonly targets: Float32Array;
}

const between = (rng: RandomStream, low: number, high: number): number => low + rng.int(high - low + 1);
const pair = (rng: RandomStream, high: number): [number, number] => [between(rng, 1, high), between(rng, 1, high)];
const vector = (rng: RandomStream): Shape => [between(rng, 2, 7)];

/** Height and width differ, and are primes. */
function image(rng: RandomStream, channels = between(rng, 2, 5)): Shape {
  const [height, width] = rng.shuffle([2, 3, 5, 7]);
  return [channels, height!, width!];
}

const either = (rng: RandomStream): Shape => (rng.int(3) === 0 ? vector(rng) : image(rng));
const alone = (shape: Shape, options: LayerDraw['options'] = {}): LayerDraw => ({ inputs: [shape], options });

function poolDraw(rng: RandomStream): LayerDraw {
  const shape = image(rng);
  const kernel = [between(rng, 1, Math.min(3, shape[1]!)), between(rng, 1, Math.min(3, shape[2]!))];
  const padding = [0, 1, 0, 1].map((axis) => rng.int(kernel[axis]!));
  return alone(shape, { kernel, stride: pair(rng, 3), padding });
}

function conv2dDraw(rng: RandomStream): LayerDraw {
  const groups = rng.pick([1, 1, 2, 3]);
  const perGroup = between(rng, 1, 2);
  const shape = image(rng, groups * perGroup);
  const dilation = pair(rng, 2);
  const kernel = [between(rng, 1, 4), between(rng, 1, 4)];
  const reach = [0, 1].map((axis) => (kernel[axis]! - 1) * dilation[axis]! + 1);
  const fits = reach[0]! <= shape[1]! && reach[1]! <= shape[2]!;
  const explicit = [0, 1, 0, 1].map((axis) => between(rng, 0, reach[axis]!));
  // As many pads as let the window fit.
  const wide = [0, 1, 0, 1].map((axis, side) => Math.max(explicit[side]!, reach[axis]! - shape[axis + 1]!));
  const padding = rng.pick(['same', fits ? 'valid' : 'same', wide]);
  const channels = groups * between(rng, 1, 3);
  return alone(shape, { channels, kernel, stride: pair(rng, 3), dilation, padding, groups, bias: rng.int(4) > 0 });
}

const equal = (rng: RandomStream, options: LayerDraw['options'] = {}): LayerDraw => {
  const shape = either(rng);
  return { inputs: Array.from({ length: between(rng, 2, 4) }, () => shape), options };
};

const draws: Readonly<Record<string, (rng: RandomStream) => LayerDraw>> = {
  dense: (rng) => alone(vector(rng), { units: between(rng, 1, 7), bias: rng.int(4) > 0 }),
  conv2d: conv2dDraw,
  batchNorm: (rng) => alone(either(rng), { epsilon: rng.pick([1e-5, 1e-2]) }),
  // Few channels are often almost equal, and then a gradient is the small difference of large numbers.
  layerNorm: (rng) =>
    alone(rng.int(3) === 0 ? [between(rng, 5, 9)] : image(rng, between(rng, 5, 7)), {
      epsilon: rng.pick([1e-5, 1e-2]),
    }),
  activation: (rng) => alone(either(rng), { function: rng.pick(activationNames) }),
  actiSwitch: (rng) => alone(either(rng), { function: rng.pick(activationNames) }),
  maxPool: poolDraw,
  avgPool(rng) {
    const { inputs, options } = poolDraw(rng);
    return { inputs, options: { ...options, countIncludePad: rng.int(2) === 0 } };
  },
  globalAvgPool: (rng) => alone(image(rng)),
  flatten: (rng) => alone(image(rng)),
  reshape(rng) {
    const [channels, ...size] = image(rng);
    return alone([channels! * size[0]! * size[1]!], { size });
  },
  dropout: (rng) => alone(either(rng), { rate: rng.pick([0.2, 0.5]) }),
  add: equal,
  concat(rng) {
    const [, ...pixels] = either(rng);
    return { inputs: Array.from({ length: between(rng, 2, 4) }, () => [between(rng, 1, 4), ...pixels]), options: {} };
  },
  average: equal,
  scale: (rng) => alone(either(rng)),
  resize: (rng) => alone(image(rng), { size: pair(rng, 8), mode: rng.pick(['nearest', 'bilinear']) }),
  softmax: (rng) => alone(vector(rng)),
};

/** The first cases of a kind: what a GPU's kernels have got wrong. */
const known: Readonly<Record<string, readonly LayerDraw[]>> = {
  conv2d: [
    // Channels of a group that fill no whole vector of 4.
    alone([2, 5, 3], { channels: 12, kernel: 2, groups: 2, padding: 'valid' }),
    // A kernel as large as the image, which still moves.
    alone([3, 2, 3], { channels: 2, kernel: [2, 3], padding: [0, 0, 1, 0] }),
  ],
};

/** Every kind but the input, which engines feed themselves. */
export const coveredKinds: readonly string[] = Object.keys(draws);

/** In every third case the batch is a single sample. */
export function kindCase(kind: string, index: number, rng: RandomStream): KindCase {
  const { inputs, options } = known[kind]?.[index] ?? draws[kind]!(rng.fork('draw'));
  const builder = new NetworkBuilder(
    inputs[0]!.map(() => 1),
    rng.fork('builder'),
  );
  const node = builder.layer(
    kind,
    options,
    inputs.map((shape) => front(builder, shape)),
  );
  const network = lively(builder.build(), node, rng.fork('weights'));
  const size = index % 3 === 0 ? 1 : between(rng, 2, 5);
  const outputs = sizeOf(layersOf(network).get(node)!.output);
  return {
    network,
    node,
    // Away from 0, so that no sample loses its weight.
    batch: { size, data: Float32Array.from({ length: size }, () => (rng.int(2) === 0 ? -1 : 1) * (0.5 + rng.float())) },
    // Far from most outputs: where one hits its target, all that is left of the gradient is rounding.
    targets: Float32Array.from({ length: size * outputs }, () => 8 * rng.normal()),
  };
}

/**
 * A layer that makes a tensor of this shape from the input's single value: every entry is that value times a weight of
 * its own, so the weights' gradient is the gradient by the tensor. For images the kernel is as large as the image, and
 * each of its taps meets the one pixel at one place.
 */
function front(builder: NetworkBuilder, [channels, ...pixels]: Shape): string {
  if (pixels.length === 0) return builder.layer('dense', { units: channels, bias: false }, ['input']);
  const [height, width] = pixels as [number, number];
  const pads = [height - 1, width - 1, height - 1, width - 1];
  return builder.layer('conv2d', { channels, kernel: [height, width], padding: pads, bias: false }, ['input']);
}

/** Weights of unit size in front, and in the layer values that hide no mistake: no zeros, both signs. */
function lively(network: Network, node: string, rng: RandomStream): Network {
  const value = (id: string, name: string): number => {
    if (name === 'variance') return 0.5 + rng.float();
    return id === node && name === 'weight' ? 0.5 * rng.normal() : rng.normal();
  };
  return {
    nodes: network.nodes.map(({ params, ...rest }) => ({
      ...rest,
      params: Object.fromEntries(
        Object.entries(params).map(([name, { shape, data }]) => [
          name,
          tensor(
            shape,
            data.map(() => value(rest.id, name)),
          ),
        ]),
      ),
    })),
  };
}
