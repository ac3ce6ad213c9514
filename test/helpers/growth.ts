// What laws about growing operators share: random applications of an operator, and comparison of parent and child.
import fc from 'fast-check';
import { expect } from 'vitest';
import { channelGroups } from '../../operators/channels/channel-groups.ts';
import { withChannels } from '../../operators/channels/channel-site.ts';
import type { Operator, Site } from '../../operators/operator.ts';
import type { Mode } from '../../src/layers/layer-kind.ts';
import { layerKind } from '../../src/layers/registry.ts';
import type { Network } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { validate } from '../../src/network/validate.ts';
import { RandomStream } from '../../src/random/stream.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import { forwardValues } from './passes.ts';
import { blockRecipes, buildBlocks, type BlockRecipe } from './block-network.ts';
import { buildNetwork, recipes, type Recipe } from './random-network.ts';
import { randomState } from './random-state.ts';

/** Numbers only, so that counterexamples shrink and can be read: a network's recipe, and which of the sites. */
export interface Scenario {
  readonly recipe: AnyRecipe;
  readonly site: number;
  /** Whether the site says which channels, where it can. */
  readonly named: boolean;
}

export type AnyRecipe = Recipe | BlockRecipe;

/** Random DAGs, and networks of the usual blocks. */
export function anyRecipes(maxSteps: number): fc.Arbitrary<AnyRecipe> {
  return fc.oneof(recipes({ maxSteps }), blockRecipes(maxSteps));
}

export interface Application {
  readonly parent: TrainedNetwork;
  readonly site: Site;
  readonly child: TrainedNetwork;
  readonly seed: number;
}

export function scenarios(maxSteps: number): fc.Arbitrary<Scenario> {
  return fc.record({ recipe: anyRecipes(maxSteps), site: fc.nat(97), named: fc.boolean() });
}

export function trainedParent(recipe: AnyRecipe): TrainedNetwork {
  const network = 'blocks' in recipe ? buildBlocks(recipe) : buildNetwork(recipe);
  return { network, state: randomState(network, recipe.seed) };
}

/** The child at a site that the operator offers; fails where it refuses or the child is broken. */
export function grow(operator: Operator, parent: TrainedNetwork, site: Site, seed: number): TrainedNetwork {
  const result = operator.apply(parent, site, RandomStream.fromSeed(seed));
  if ('refusal' in result) {
    expect.fail(`${operator.name} offers ${JSON.stringify(site)}, then refuses: ${result.refusal.message}`);
  }
  validate(result.child.network);
  return result.child;
}

/** Skips scenarios in whose network the operator has no site. */
export function applied(operator: Operator, { recipe, site: index, named }: Scenario): Application {
  const parent = trainedParent(recipe);
  const sites = operator.sites(parent.network);
  fc.pre(sites.length > 0);
  const offered = sites[index % sites.length]!;
  const site = named && operator.namesChannels ? withSomeChannels(parent.network, offered, index) : offered;
  return { parent, site, child: grow(operator, parent, site, recipe.seed), seed: recipe.seed };
}

/** The site with as many channels named as it asks for. */
function withSomeChannels(network: Network, site: Site, seed: number): Site {
  const { channels } = channelGroups(network).find(({ producers }) => producers.includes(String(site.node)))!;
  const all = Array.from({ length: channels }, (_, channel) => channel);
  return withChannels(site, RandomStream.fromSeed(seed).shuffle(all).slice(0, Number(site.amount)));
}

/**
 * Every node of the parent has its value in the child too, new running statistics included: to the bit where `tolerance`
 * is 0, else to that share of the node's largest value (at least 1). `places` says where the old channels are; it can be
 * left out where one operator made the child.
 */
export function expectPreserved(
  parent: Network,
  child: Network,
  tolerance: number,
  run: { readonly batch: number; readonly seed: number; readonly mode: Mode; readonly story: string },
  places: ChannelPlaces = oldChannels(parent, child),
): void {
  const [before, after] = [parent, child].map((network) => forwardValues(network, run.batch, run.seed, run.mode));
  for (const [id, wanted] of before!.outputs) {
    const got = after!.outputs.get(id)!;
    const what = `${run.story}: ${id} in ${run.mode} mode`;
    expectKept(got, wanted, { rows: run.batch, places: places.get(id)! }, tolerance, what);
  }
  for (const [id, byName] of before!.statistics) {
    for (const [name, wanted] of Object.entries(byName)) {
      const got = after!.statistics.get(id)![name]!;
      expectKept(got, wanted, { rows: 1, places: places.get(id)! }, tolerance, `${run.story}: new ${name} of ${id}`);
    }
  }
}

/** For each channel of each of a parent's nodes its place among the channels of the child's node. */
export type ChannelPlaces = ReadonlyMap<string, readonly number[]>;

/** The places after two operators, of which `step` is the second. */
export function afterwards(places: ChannelPlaces, step: ChannelPlaces): ChannelPlaces {
  return new Map([...places].map(([id, own]) => [id, own.map((place) => step.get(id)![place]!)]));
}

/**
 * Where one operator has left the channels. New ones come last where they are made, so behind concat they lie between
 * old ones. No index map of an operator is trusted here.
 */
export function oldChannels(parent: Network, child: Network): ChannelPlaces {
  const [before, after] = [layersOf(parent), layersOf(child)];
  const places = new Map<string, readonly number[]>();
  for (const { id, kind, inputs } of parent.nodes) {
    const facts = layerKind(kind).channels(before.get(id)!);
    const read = inputs.map((input) => places.get(input)!);
    if (facts.flow === 'tied') places.set(id, read[0]!);
    else if (facts.flow === 'joined') {
      let offset = 0;
      const joined = inputs.flatMap((_, i) => {
        const moved = read[i]!.map((place) => place + offset);
        offset += after.get(id)!.inputs[i]![0]!;
        return moved;
      });
      places.set(id, joined);
    } else if (facts.flow === 'spread') {
      const pixels = Array.from({ length: facts.outputs }, (_, pixel) => pixel);
      const blocks = read[0]!.filter((_, channel) => channel % facts.inputs === 0);
      places.set(
        id,
        blocks.flatMap((place) => pixels.map((pixel) => (place / facts.inputs) * facts.outputs + pixel)),
      );
    } else {
      const [channels] = before.get(id)!.output;
      places.set(
        id,
        Array.from({ length: channels! }, (_, place) => place),
      );
    }
  }
  return places;
}

/** Compares values of [rows, channels, ...], where the old channels have moved to `places`. */
function expectKept(
  got: Float64Array,
  wanted: Float64Array,
  { rows, places }: { rows: number; places: readonly number[] },
  tolerance: number,
  what: string,
): void {
  const [wide, width] = [got.length / rows, wanted.length / rows];
  const plane = width / places.length;
  const slack = tolerance * wanted.reduce((high, x) => Math.max(high, Math.abs(x)), 1);
  for (let i = 0; i < wanted.length; i++) {
    const at = i % width;
    const value = got[Math.floor(i / width) * wide + places[Math.floor(at / plane)]! * plane + (at % plane)]!;
    if (!(Math.abs(value - wanted[i]!) <= slack)) {
      expect.fail(`${what}: entry ${i} of ${rows} x ${width} is ${value}, the parent's ${wanted[i]!}`);
    }
  }
}
