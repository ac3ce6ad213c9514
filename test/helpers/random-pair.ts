// Random pairs of trained networks with one input and one output shape: strangers, siblings, relatives and twins.
import fc from 'fast-check';
import { costOf } from '../../src/network/cost.ts';
import type { Network } from '../../src/network/network.ts';
import { tensor, type Tensor } from '../../src/network/tensor.ts';
import { RandomStream } from '../../src/random/stream.ts';
import type { Moments, TrainedNetwork } from '../../src/training/training-state.ts';
import { trainableParams } from '../../src/engine/backward-plan.ts';
import { buildNetwork, recipes, type Recipe } from './random-network.ts';

/**
 * - `strangers`: nothing in common but the shapes outside.
 * - `siblings`: one architecture, other weights.
 * - `relatives`: equal first layers, weights included.
 * - `twins`: the same network twice.
 */
export type Kinship = 'strangers' | 'siblings' | 'relatives' | 'twins';

const allKinships: readonly Kinship[] = ['strangers', 'siblings', 'relatives', 'twins'];

export interface Pair {
  readonly kinship: Kinship;
  readonly seed: number;
  readonly a: TrainedNetwork;
  readonly b: TrainedNetwork;
}

/** Pairs whose networks together take no more than `maxMacs` a sample: the reference is slow. */
export function randomPairs(
  options: { maxSteps?: number; kinships?: readonly Kinship[]; maxMacs?: number } = {},
): fc.Arbitrary<Pair> {
  const { maxSteps = 8, kinships = allKinships, maxMacs = 100_000 } = options;
  return fc
    .record({ one: longRecipes(maxSteps), other: longRecipes(maxSteps), kinship: fc.constantFrom(...kinships) })
    .map(({ one, other, kinship }) => {
      const second = partnerOf(one, other, kinship);
      const [a, b] = [one, second].map((recipe) => withMoments(buildNetwork(recipe), recipe.seed));
      return { kinship, seed: one.seed, a: a!, b: b! };
    })
    .filter(({ a, b }) => costOf(a.network).macs + costOf(b.network).macs <= maxMacs);
}

/** Recipes whose layers mostly follow one another, so that few are pruned away and there is something to match. */
function longRecipes(maxSteps: number): fc.Arbitrary<Recipe> {
  const from = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) });
  const step = fc.record({ layer: fc.nat(29), from, variant: fc.nat(23) });
  const steps = fc.array(step, { minLength: 2, maxLength: maxSteps, size: 'max' });
  return fc
    .record({ recipe: recipes({ maxSteps: 0 }), steps })
    .map(({ recipe, steps: own }) => ({ ...recipe, steps: own }));
}

function partnerOf(one: Recipe, other: Recipe, kinship: Kinship): Recipe {
  const { seed, input, steps } = one;
  const partners: Record<Kinship, Recipe> = {
    strangers: { ...other, input, seed: other.seed === seed ? seed + 1 : other.seed },
    siblings: { seed: seed + 1, input, steps },
    relatives: { seed, input, steps: [...steps.slice(0, Math.ceil(steps.length / 2)), ...other.steps] },
    twins: one,
  };
  return partners[kinship];
}

/** A training state in which every parameter has been updated. */
export function withMoments(network: Network, seed: number): TrainedNetwork {
  const rng = RandomStream.fromSeed(`moments ${seed}`);
  const like = ({ shape, data }: Tensor): Tensor =>
    tensor(
      shape,
      data.map(() => rng.float()),
    );
  const momentsOf = (value: Tensor): Moments => ({
    first: like(value),
    second: like(value),
    age: tensor([1], Float32Array.of(7)),
  });
  const moments = network.nodes.map((node) => [
    node.id,
    Object.fromEntries(trainableParams(node).map((name) => [name, momentsOf(node.params[name]!)])),
  ]);
  return { network, state: { moments: Object.fromEntries(moments) as TrainedNetwork['state']['moments'] } };
}
