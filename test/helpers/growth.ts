// What laws about growing operators share: random applications of an operator, and comparison of parent and child.
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Operator, Preservation, Site } from '../../operators/operator.ts';
import type { Mode } from '../../src/layers/layer-kind.ts';
import type { Network } from '../../src/network/network.ts';
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
  return fc.record({ recipe: anyRecipes(maxSteps), site: fc.nat(97) });
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
export function applied(operator: Operator, { recipe, site: index }: Scenario): Application {
  const parent = trainedParent(recipe);
  const sites = operator.sites(parent.network);
  fc.pre(sites.length > 0);
  const site = sites[index % sites.length]!;
  return { parent, site, child: grow(operator, parent, site, recipe.seed), seed: recipe.seed };
}

/**
 * Every node of the parent has its value in the child too, new running statistics included. Channels are outermost and
 * new ones come last, so an old sample is the beginning of a new one, flattened or not: no index map is trusted here.
 */
export function expectPreserved(
  parent: Network,
  child: Network,
  preserves: Preservation,
  run: { readonly batch: number; readonly seed: number; readonly mode: Mode; readonly story: string },
): void {
  const [before, after] = [parent, child].map((network) => forwardValues(network, run.batch, run.seed, run.mode));
  for (const [id, wanted] of before!.outputs) {
    const got = after!.outputs.get(id)!;
    expectSameStart(got, wanted, run.batch, preserves, `${run.story}: ${id} in ${run.mode} mode`);
  }
  for (const [id, byName] of before!.statistics) {
    for (const [name, wanted] of Object.entries(byName)) {
      const got = after!.statistics.get(id)![name]!;
      expectSameStart(got, wanted, 1, preserves, `${run.story}: new ${name} of ${id}`);
    }
  }
}

function expectSameStart(
  got: Float64Array,
  wanted: Float64Array,
  rows: number,
  preserves: Preservation,
  what: string,
): void {
  const [wide, width] = [got.length / rows, wanted.length / rows];
  const tolerance = preserves === 'bit' ? 0 : 1e-10 * wanted.reduce((high, x) => Math.max(high, Math.abs(x)), 1);
  for (let i = 0; i < wanted.length; i++) {
    const value = got[Math.floor(i / width) * wide + (i % width)]!;
    if (!(Math.abs(value - wanted[i]!) <= tolerance)) {
      expect.fail(`${what}: entry ${i} of ${rows} x ${width} is ${value}, the parent's ${wanted[i]!}`);
    }
  }
}
