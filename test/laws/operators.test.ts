// Every registered operator keeps its promises on random networks: values, parents, costs, gradients, training, sites.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelGroups } from '../../operators/channels/channel-groups.ts';
import type { Operator, Site } from '../../operators/operator.ts';
import { operatorNamed, operators } from '../../operators/registry.ts';
import type { Gradients, Values } from '../../src/engine/engine.ts';
import { noisyNodes } from '../../src/engine/noise.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { loadSafetensors, saveSafetensors } from '../../src/formats/safetensors.ts';
import { costOf } from '../../src/network/cost.ts';
import { networkHash } from '../../src/network/hash.ts';
import { sameShape, type Tensor } from '../../src/network/tensor.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { adam } from '../../src/training/optimisers/adam.ts';
import type { Moments, TrainedNetwork } from '../../src/training/training-state.ts';
import { addedParams } from '../helpers/added-params.ts';
import { expectClose } from '../helpers/compare.ts';
import {
  afterwards,
  anyRecipes,
  applied,
  expectPreserved,
  grow,
  oldChannels,
  scenarios,
  trainedParent,
  type Application,
} from '../helpers/growth.ts';
import { newbornLearning } from '../helpers/newborn.ts';
import { adding, growing } from '../helpers/operator-laws.ts';
import { randomInput, randomTargets } from '../helpers/random-network.ts';
import { expectRefusals } from '../helpers/refusals.ts';

const batch = 3;

const maxSteps = 7;

/** Exact arithmetic, rounded to float64. */
const exact = 1e-10;

/** How far a value may be off, as a share of the largest of its node. */
function toleranceOf(operator: Operator, site: Site): number {
  return operator.preserves === 'bit' ? 0 : Math.max(exact, operator.tolerance?.(site) ?? 0);
}

/** Checks a law on random applications of the operator. */
function law(operator: Operator, numRuns: number, holds: (application: Application) => void): void {
  const property = fc.property(scenarios(maxSteps), (scenario) => {
    holds(applied(operator, scenario));
  });
  fc.assert(property, { numRuns });
}

describe.each(growing)('$name', (operator) => {
  test('every node of the parent keeps its value, in eval and where promised in train mode', () => {
    law(operator, 100, ({ parent, child, site, seed }) => {
      for (const mode of operator.evalOnly ? (['eval'] as const) : (['eval', 'train'] as const)) {
        const run = { batch, seed, mode, story: `${operator.name} ${JSON.stringify(site)}` };
        expectPreserved(parent.network, child.network, toleranceOf(operator, site), run);
      }
    });
  });

  test('the parent is left alone, and what did not change is shared with it', () => {
    const property = fc.property(scenarios(maxSteps), (scenario) => {
      const { parent, child } = applied(operator, scenario);
      expect(parent).toEqual(trainedParent(scenario.recipe));
      expectShared(parent, child);
    });
    fc.assert(property, { numRuns: 60 });
  });

  test('costs more, by exactly the parameters that its formula says', () => {
    law(operator, 50, ({ parent, child, site }) => {
      const [before, after] = [costOf(parent.network), costOf(child.network)];
      expect(after.macs).toBeGreaterThan(before.macs);
      expect(after.params).toBeGreaterThan(before.params);
      expect(after.params - before.params).toBe(addedParams(operator.name, parent.network, site));
    });
  });

  test('the same seed and the same site from JSON give the same child', () => {
    law(operator, 40, ({ parent, child, site, seed }) => {
      const again = grow(operator, parent, JSON.parse(JSON.stringify(site)) as Site, seed);
      expect(networkHash(again.network)).toBe(networkHash(child.network));
      expect(again).toEqual(child);
    });
  });

  test('a child that was saved and loaded is the same to the bit', () => {
    law(operator, 20, ({ child }) => {
      expect(loadSafetensors(saveSafetensors(child))).toEqual(child);
    });
  });

  test('accepts every site it offers', () => {
    const property = fc.property(anyRecipes(maxSteps), (recipe) => {
      const parent = trainedParent(recipe);
      const sites = operator.sites(parent.network);
      expect(operator.sites(parent.network)).toEqual(sites);
      for (const site of sites) grow(operator, parent, site, recipe.seed);
    });
    fc.assert(property, { numRuns: 30 });
  });

  test('refuses nonsense with a reason, and throws at nothing', () => {
    const nonsense = [-1, 0, 0.5, 1.5, NaN, Infinity, 1e9, 'three', [], true];
    law(operator, 30, ({ parent, site }) => {
      // One size of several may be 0.
      const wrong = nonsense.filter((bad) => bad !== 0 || Object.keys(site).length < 3);
      expectRefusals(operator, parent, site, wrong);
      for (const { id } of parent.network.nodes) {
        const offered = operator.sites(parent.network).some((other) => other.node === id);
        const elsewhere = operator.apply(parent, { ...site, node: id }, RandomStream.fromSeed(1));
        if (!offered && 'child' in elsewhere) {
          // Another name for the same group of channels, never a place that no site covers.
          const group = channelGroups(parent.network).find(({ producers }) => producers.includes(id));
          expect(group?.producers.length).toBeGreaterThan(1);
        }
      }
    });
  });
});

describe.each(adding)('$name', (operator) => {
  test('old entries keep their moments and age, new ones start at 0', () => {
    law(operator, 50, ({ parent, child }) => {
      for (const node of child.network.nodes) {
        for (const [name, moments] of Object.entries(child.state.moments[node.id] ?? {})) {
          const shape = node.params[name]!.shape;
          for (const part of [moments.first!, moments.second!]) expect(part.shape).toEqual(shape);
          if (!sameShape(moments.age.shape, [1])) expect(moments.age.shape).toEqual(shape);
          const kept = entriesOf(moments).filter(([, , age]) => age > 0);
          const old = entriesOf(parent.state.moments[node.id]![name]!);
          expect(kept, `${node.id}.${name}`).toEqual(old);
          const fresh = entriesOf(moments).filter(([, , age]) => age === 0);
          expect(fresh.every(([first, second]) => first === 0 && second === 0)).toBe(true);
        }
      }
      expect(Object.keys(child.state.moments)).toEqual(Object.keys(parent.state.moments));
    });
  });

  test('all that is new can learn: no new weights have an all-zero gradient', () => {
    let [alive, units] = [0, 0];
    law(operator, 50, (application) => {
      const learning = newbornLearning(application);
      alive += learning.alive;
      units += learning.units;
      expect(learning.stuck, JSON.stringify(application.site)).toBeUndefined();
    });
    // The rest is silent, or sits where no gradient comes back, on all three batches.
    expect(alive).toBeGreaterThan(0.9 * units);
  });

  test('the next step moves old entries as the parent would, and new ones by no more than the learning rate', async () => {
    const rate = 0.01;
    const property = fc.asyncProperty(scenarios(maxSteps), async (scenario) => {
      const { parent, child, seed } = applied(operator, scenario);
      const [before, after] = await Promise.all([parent, child].map((trained) => stepped(trained, seed, rate)));
      for (const { id, params } of child.network.nodes) {
        for (const name of Object.keys(after!.gradients[id] ?? {})) {
          const what = `${id}.${name}`;
          const age = child.state.moments[id]?.[name]?.age;
          const isOld = (_: number, i: number): boolean =>
            age !== undefined && age.data[age.data.length === 1 ? 0 : i]! > 0;
          const old = (values: Values): number[] => Array.from(values).filter(isOld);
          // Float64 gradients, and moments of old entries that are the same bits: equal steps. The float32 snapshot
          // of a sum that is equal in exact arithmetic may still round to its neighbour.
          const slope = operator.preserves === 'bit' ? 1e-12 : 1e-9;
          expectClose(old(after!.gradients[id]![name]!), before!.gradients[id]?.[name] ?? [], slope, what, 1);
          const end = paramOf(after!.trained, id, name);
          const wanted = before!.gradients[id]?.[name] ? paramOf(before!.trained, id, name) : [];
          expectClose(old(end), wanted, operator.preserves === 'bit' ? 0 : 1e-6, what, 1);
          end.forEach((value, i) => {
            const moved = Math.abs(value - params[name]!.data[i]!);
            if (!isOld(value, i)) expect(moved, what).toBeLessThanOrEqual(rate * (1 + 1e-3));
          });
        }
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

test('values survive up to twelve operators in a row', () => {
  const steps = fc.array(fc.record({ operator: fc.nat(growing.length - 1), site: fc.nat(97) }), { maxLength: 12 });
  let longest = 0;
  const property = fc.property(anyRecipes(5), steps, (recipe, mutations) => {
    const parent = trainedParent(recipe);
    let child = parent;
    let places = oldChannels(parent.network, parent.network);
    const done: string[] = [];
    let tolerance = 0;
    for (const [turn, mutation] of mutations.entries()) {
      const operator = growing[mutation.operator]!;
      const sites = operator.sites(child.network).filter((site) => toleranceOf(operator, site) <= exact);
      if (sites.length === 0 || costOf(child.network).macs > 20_000) continue;
      const site = sites[mutation.site % sites.length]!;
      const next = grow(operator, child, site, recipe.seed + turn);
      places = afterwards(places, oldChannels(child.network, next.network));
      child = next;
      done.push(`${operator.name} ${JSON.stringify(site)}`);
      tolerance = Math.max(tolerance, toleranceOf(operator, site));
    }
    longest = Math.max(longest, done.length);
    for (const mode of ['eval', 'train'] as const) {
      const run = { batch, seed: recipe.seed, mode, story: done.join(', ') };
      expectPreserved(parent.network, child.network, tolerance, run, places);
    }
  });
  fc.assert(property, { numRuns: 100 });
  expect(longest).toBeGreaterThan(8);
});

test('operators are found by name', () => {
  for (const operator of operators) expect(operatorNamed(operator.name)).toBe(operator);
  expect(() => operatorNamed('widen')).toThrow(/Expected an operator \(.*widen-pair.*\), got "widen"/);
  expect(new Set(operators.map(({ name }) => name)).size).toBe(operators.length);
});

/** Nodes that compute the same from the same inputs are the same objects, and so are tensors and moments. */
function expectShared(parent: TrainedNetwork, child: TrainedNetwork): void {
  const old = new Map(parent.network.nodes.map((node) => [node.id, node]));
  for (const node of child.network.nodes) {
    const before = old.get(node.id);
    if (!before) continue;
    for (const [name, value] of Object.entries(node.params)) {
      const kept = before.params[name];
      if (kept && sameTensor(kept, value)) expect(value, `${node.id}.${name}`).toBe(kept);
      if (kept === value) {
        expect(child.state.moments[node.id]?.[name]).toBe(parent.state.moments[node.id]?.[name]);
      }
    }
    const { params: own, ...rest } = node;
    const { params: kept, ...restBefore } = before;
    const untouched = Object.keys(own).every((name) => own[name] === kept[name]);
    if (untouched && JSON.stringify(rest) === JSON.stringify(restBefore)) expect(node).toBe(before);
  }
}

function sameTensor(a: Tensor, b: Tensor): boolean {
  return sameShape(a.shape, b.shape) && a.data.every((value, i) => value === b.data[i]);
}

/** [first, second, age] of each entry. */
function entriesOf({ first, second, age }: Moments): (readonly [number, number, number])[] {
  return Array.from(first!.data, (value, i) => [value, second!.data[i]!, age.data[age.data.length === 1 ? 0 : i]!]);
}

/**
 * The gradients of one batch, and what one step on it makes of the network. Layers that draw noise are frozen: a child
 * draws other noise than its parent.
 */
async function stepped(
  { network, state }: TrainedNetwork,
  seed: number,
  rate: number,
): Promise<{ gradients: Gradients; trained: TrainedNetwork }> {
  const noisy = new Set(noisyNodes(network, { mode: () => 'train' }));
  const trainable = new Set(network.nodes.filter((node) => !noisy.has(node)).map(({ id }) => id));
  const program = await referenceEngine.compile([network], { state, trainable });
  const data = { size: batch, data: randomInput(network, batch, seed) };
  const targets = randomTargets(batch, seed);
  const { gradients } = await program.gradients(data, targets);
  await program.step(data, targets, adam(rate));
  return { gradients, trained: await program.snapshot() };
}

function paramOf({ network }: TrainedNetwork, id: string, name: string): Float32Array {
  return network.nodes.find((node) => node.id === id)!.params[name]!.data;
}
