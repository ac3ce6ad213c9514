// What laws about shrinking operators share: random parents in which there is something to take away, and what must stay.
import fc from 'fast-check';
import type { Operator } from '../../operators/operator.ts';
import { layerKind } from '../../src/layers/registry.ts';
import type { Network } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import { anyRecipes, grow, trainedParent, type AnyRecipe, type ChannelPlaces } from './growth.ts';
import { plantedIn, type Planted } from './plants.ts';
import { randomState } from './random-state.ts';

/** Numbers only, so that counterexamples shrink and can be read. */
export interface ShrinkScenario {
  readonly recipe: AnyRecipe;
  /** Which node or channels the operator is given something to take away at. */
  readonly place: number;
  /** Which of the ways to do so. */
  readonly variant: number;
}

export function shrinkScenarios(maxSteps: number): fc.Arbitrary<ShrinkScenario> {
  return fc.record({ recipe: anyRecipes(maxSteps), place: fc.nat(29), variant: fc.nat(23) });
}

export interface Shrinking extends Planted {
  readonly parent: TrainedNetwork;
  readonly child: TrainedNetwork;
  readonly seed: number;
}

/**
 * A parent with a site for the operator, and the child there; skips scenarios without a place for one. All weights are
 * multiples of 1/16, so that sums and products of a few are exact in float32.
 */
export function shrunk(operator: Operator, { recipe, place, variant }: ShrinkScenario): Shrinking {
  const planted = plantedIn(trainedParent(recipe).network, operator, place, variant);
  fc.pre(planted !== undefined);
  const { seed } = recipe;
  const parent = { network: planted.network, state: randomState(planted.network, seed) };
  return { ...planted, parent, child: grow(operator, parent, planted.site, seed), seed };
}

/** For each channel of each node of the child its place among those of the parent's node of that id. */
export function placesInParent(parent: Network, child: Network, removed: Planted['removed']): ChannelPlaces {
  const [before, after] = [layersOf(parent), layersOf(child)];
  const places = new Map<string, readonly number[]>();
  for (const { id, kind, inputs } of child.nodes) {
    // A grouped convolution of which one group is left is an ordinary one in the child.
    const isSame = parent.nodes.some((old) => old.id === id && old.kind === kind);
    const facts = layerKind(kind).channels((isSame ? before : after).get(id)!);
    const read = inputs.map((input) => places.get(input)!);
    const [channels] = after.get(id)!.output;
    if (facts.flow === 'tied') places.set(id, read[0]!);
    else if (facts.flow === 'joined') {
      let offset = 0;
      const joined = inputs.flatMap((input, i) => {
        const moved = read[i]!.map((place) => place + offset);
        offset += before.get(input)!.output[0]!;
        return moved;
      });
      places.set(id, joined);
    } else if (facts.flow === 'spread') {
      const blocks = read[0]!.filter((_, i) => i % facts.inputs === 0).map((place) => place / facts.inputs);
      const inBlock = Array.from({ length: facts.outputs }, (_, i) => i);
      places.set(
        id,
        blocks.flatMap((block) => inBlock.map((i) => block * facts.outputs + i)),
      );
    } else {
      const all = Array.from({ length: before.get(id)?.output[0] ?? channels! }, (_, channel) => channel);
      const isCut = removed?.group.producers.includes(id);
      const slot = removed?.group.slots.find(({ role, node }) => role === 'producer' && node === id);
      const width = slot?.multiplicity ?? 1;
      places.set(id, isCut ? all.filter((place) => !removed!.channels.includes(Math.floor(place / width))) : all);
    }
  }
  return places;
}
