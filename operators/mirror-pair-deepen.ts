// Makes a network deeper by a function of the values and of their negatives, whose difference is the values again.
import { activationFunctions, activationNames, type ActivationName } from '../src/layers/activation-functions.ts';
import type { Range } from '../src/layers/range.ts';
import { layerKind } from '../src/layers/registry.ts';
import { insertAfter } from '../src/network/edit.ts';
import type { Attributes } from '../src/network/network.ts';
import { sizeOf, type Shape, type Tensor } from '../src/network/tensor.ts';
import { activationLayer, chained, identityKind, type NewLayer } from './new-layers.ts';
import type { Operator } from './operator.ts';
import { bends, placeBehind, placesBehind, refusedFunction } from './place-behind.ts';
import { refuse } from './refuse.ts';
import { remapTensor } from './remap-tensor.ts';

/** Where the layers go in, and which function they have between them. */
export interface MirrorPairDeepenSite extends Attributes {
  /** The node behind which the layers go; all who read the node then read the last of them. */
  readonly node: string;
  /** Height and width of the first layer's kernel; 1 behind a vector. */
  readonly kernel: number;
  /** A function phi with x = kappa * (phi(x) - phi(-x)). */
  readonly function: ActivationName;
}

const mirrorNames = activationNames.filter((name) => activationFunctions[name].mirror !== undefined);

/**
 * Works on signed values, and what it adds is bent from the start: W = [I; -I], phi, then kappa * [I, -I] in a layer of
 * its own, whatever reads the node. With relu the output is the same to the bit. Refused where phi is the identity on the
 * values or on their negatives, as half of the new channels could learn nothing.
 */
export const mirrorPairDeepen: Operator<MirrorPairDeepenSite> = {
  name: 'mirror-pair-deepen',
  preserves: 'real',
  cost: 'more',
  summary: 'Inserts x = kappa * (phi(x) - phi(-x)): a layer [I; -I], the function phi, and a layer kappa * [I, -I].',
  formula:
    'x = kappa * (phi(x) - phi(-x)); kappa is 1 for relu, gelu, silu and softplus, 1 / (1 + slope) for leakyRelu',
  conditions:
    'behind any node but input and output, of at most 1,024 channels, whose values and their negatives phi bends',
  source: 'CReLU (Shang et al. 2016, arXiv:1603.05201): phi(x) and phi(-x) together keep all of x',

  sites: (network) =>
    placesBehind(network).flatMap(({ id, range, kernels }) => {
      const names = mirrorNames.filter((name) => bendsBoth(name, range));
      return kernels.flatMap((kernel) => names.map((name) => ({ node: id, kernel, function: name })));
    }),

  apply({ network, state }, { node: id, kernel, function: name }) {
    const found = placeBehind(network, id, kernel);
    if ('refusal' in found) return found;
    const { place } = found;
    const refused = refusedFunction(name, mirrorNames);
    if (refused) return refused;
    if (!bendsBoth(name, place.range)) {
      return refuse('wrong-kind', `values of both signs, which ${name} bends`, place.range);
    }
    const [before, behind] = float32Factors(activationFunctions[name].mirror!);
    const chain = [
      mirroredIdentity(place.output, kernel, 'producer', before),
      activationLayer(name),
      mirroredIdentity(place.output, 1, 'consumer', behind),
    ];
    return { child: { network: insertAfter(network, id, chained(network, id, chain)), state } };
  },
};

function bendsBoth(name: ActivationName, { low, high }: Range): boolean {
  return bends(name, { low, high }) && bends(name, { low: -high, high: -low });
}

/** `factor` times [I; -I] along the axis of the channels that the layer makes, or [I, -I] along those that it reads. */
function mirroredIdentity(shape: Shape, kernel: number, role: 'producer' | 'consumer', factor: number): NewLayer {
  const { kind, identity } = identityKind(shape, kernel)!;
  const { attributes, params } = identity!.create(shape, kernel);
  const facts = layerKind(kind).channels({ attributes, params, inputs: [shape], output: shape });
  const axes = facts.flow === 'own' ? facts[role] : {};
  const mirrored = Object.entries(params).map(
    ([name, value]) => [name, name in axes ? withNegative(value, axes[name]!, factor) : value] as const,
  );
  return { kind, attributes, params: Object.fromEntries(mirrored) };
}

function withNegative(value: Tensor, axis: number, factor: number): Tensor {
  const size = value.shape[axis]!;
  const once = Array.from({ length: size }, (_, index) => index);
  const { shape, data } = remapTensor(value, new Map([[axis, [...once, ...once]]]));
  const inner = sizeOf(shape.slice(axis + 1));
  for (let at = 0; at < data.length; at += inner) {
    const signed = (at / inner) % (2 * size) < size ? factor : -factor;
    for (let i = at; i < at + inner; i++) data[i]! *= signed;
  }
  return { shape, data };
}

/**
 * Two float32 numbers whose product is `value`: exactly for 1, else to some 1e-12 of it, where a single one may be off
 * by 6e-8. A factor before the function is allowed, since of those whose kappa is not 1 (leakyRelu) the values grow in
 * proportion.
 */
function float32Factors(value: number): readonly [number, number] {
  let best: readonly [number, number] = [1, Math.fround(value)];
  const error = ([a, b]: readonly [number, number]): number => Math.abs(a * b - value);
  for (let step = 0; step < 2 ** 14 && error(best) > 0; step++) {
    const first = 1 + step * 2 ** -23;
    const next = [first, Math.fround(value / first)] as const;
    if (error(next) < error(best)) best = next;
  }
  return best;
}
