// What operators make can be trained: no grown child does worse than its parent would have, given as many steps.
import { beforeAll, describe, expect, test } from 'vitest';
import { batchOf } from '../../src/data/samples.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import type { Network } from '../../src/network/network.ts';
import { adam } from '../../src/training/optimisers/adam.ts';
import { freshTrainingState, type TrainedNetwork } from '../../src/training/training-state.ts';
import { bars, cnn, mlp } from '../helpers/bars.ts';
import { grow } from '../helpers/growth.ts';
import { growing, shrinking } from '../helpers/operator-laws.ts';
import { plantedIn } from '../helpers/plants.ts';

const samples = bars(40, 1);
const { targets, ...batch } = batchOf(
  samples,
  Array.from({ length: 40 }, (_, i) => i),
);
const steps = 20;

/** Adam's path is not the same in more dimensions: some children are behind by chance. */
const noise = 0.02;

async function trainedOn(trained: TrainedNetwork): Promise<{ child: TrainedNetwork; firstLoss: number; loss: number }> {
  const program = await referenceEngine.compile([trained.network], { state: trained.state });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push((await program.step(batch, targets, adam(0.02))).loss);
  return { child: await program.snapshot(), firstLoss: losses[0]!, loss: losses.at(-1)! };
}

describe.each([
  ['a vector network', mlp],
  ['an image network', cnn],
])('from %s', (_, build: () => Network) => {
  let parent: TrainedNetwork;
  let parentLoss: number;

  beforeAll(async () => {
    ({ child: parent } = await trainedOn({ network: build(), state: freshTrainingState }));
    ({ loss: parentLoss } = await trainedOn(parent));
  });

  test.each(growing)('$name gives children that train', async (operator) => {
    const sites = operator.sites(parent.network);
    for (const site of [...new Set([sites[0], sites[sites.length >> 1], sites.at(-1)])]) {
      if (!site) continue;
      const { loss } = await trainedOn(grow(operator, parent, site, 3));
      expect(loss, JSON.stringify(site)).toBeLessThanOrEqual(parentLoss + noise);
    }
  });
});

test('every growing operator applies to one of them', () => {
  for (const operator of growing) {
    expect([mlp(), cnn()].some((network) => operator.sites(network).length > 0)).toBe(true);
  }
});

// Less can learn less: a smaller child is not as quick as its parent.
test.each(shrinking)('$name leaves networks that train', async (operator) => {
  let planted = 0;
  for (const build of [mlp, cnn]) {
    const { child: trained } = await trainedOn({ network: build(), state: freshTrainingState });
    for (const variant of [0, 1]) {
      const found = plantedIn(trained.network, operator, 2 + variant, variant);
      if (!found) continue;
      planted++;
      const child = grow(operator, { network: found.network, state: freshTrainingState }, found.site, 3);
      const { firstLoss, loss } = await trainedOn(child);
      expect(loss, JSON.stringify(found.site)).toBeLessThan(firstLoss);
    }
  }
  expect(planted).toBeGreaterThan(1);
});
