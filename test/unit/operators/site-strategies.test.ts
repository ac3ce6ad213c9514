// Strategies choose among sites: by what candidates would learn, or at random.
import { describe, expect, test } from 'vitest';
import { batchOf } from '../../../src/data/samples.ts';
import {
  chooseSite,
  compareOutputs,
  gradientGain,
  operatorNamed,
  randomSite,
  deadness,
  neuronGradient,
  strategies,
  strategyNamed,
  type Operator,
  type Probe,
  type ScoredSite,
  type Site,
  type SiteStrategy,
} from '../../../operators/index.ts';
import type { Values } from '../../../src/engine/engine.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';
import { bars, cnn, shape } from '../../helpers/bars.ts';
import { childAt, withParams } from '../../helpers/operator-cases.ts';
import { randomState } from '../../helpers/random-state.ts';

const samples = bars(20, 1);
const probe = (seed = 1): Probe => ({
  engine: referenceEngine,
  samples,
  rng: RandomStream.fromSeed(seed),
});
const network = cnn();
const parent = { network, state: randomState(network, 1) };
const widen = operatorNamed('widen-zero-fan-out');

test('the site of the highest score is chosen', async () => {
  const sites = widen.sites(network);
  const second: SiteStrategy = {
    ...randomSite,
    score: () => Promise.resolve(sites.map((site, i) => ({ site, score: i === 1 ? 1 : 0 }))),
  };
  expect(await chooseSite(second, widen, parent, sites, probe())).toBe(sites[1]);
  await expect(chooseSite(second, widen, parent, [], probe())).rejects.toMatchObject({ code: 'bad-argument' });
});

test('random scores follow from the seed', async () => {
  const sites = widen.sites(network);
  const scores = (seed: number): Promise<readonly ScoredSite[]> => randomSite.score(widen, parent, sites, probe(seed));
  expect(await scores(1)).toEqual(await scores(1));
  expect(await scores(1)).not.toEqual(await scores(2));
});

test('the gain of new channels is the norm of the gradient by the weights that read them', async () => {
  const [site] = widen.sites(network);
  const mutation = widen.apply(parent, site!, probe().rng.fork('candidate'));
  if (!('child' in mutation)) throw new Error(mutation.refusal.message);
  const { child } = mutation;
  const { targets, ...batch } = batchOf(samples, [...Array(samples.count).keys()]);
  const program = await referenceEngine.compile([child.network]);
  const { gradients } = await program.gradients(batch, targets);
  let sum = 0;
  for (const [id, byName] of Object.entries(gradients)) {
    for (const [name, values] of Object.entries(byName)) {
      const old = parent.network.nodes.find((node) => node.id === id)!.params[name]!;
      // Channels are appended: what lies behind the old shape along some axis is new.
      const sizes = child.network.nodes.find((node) => node.id === id)!.params[name]!.shape;
      values.forEach((value, i) => {
        const place = sizes.map(
          (size, axis) => Math.floor(i / sizes.slice(axis + 1).reduce((a, b) => a * b, 1)) % size,
        );
        if (place.some((index, axis) => index >= old.shape[axis]!)) sum += value ** 2;
      });
    }
  }
  const [scored] = await gradientGain.score(widen, parent, [site!], probe());
  expect(scored!.score).toBeGreaterThan(0);
  expect(scored!.score).toBeCloseTo(Math.sqrt(sum), 12);
});

test('a layer behind what nobody hears gains nothing, and is not chosen', async () => {
  const net = new NetworkBuilder(shape, RandomStream.fromSeed(1));
  net.layer('flatten');
  const heard = net.layer('dense', { units: 3 });
  const unheard = net.layer('dense', { units: 3 }, ['flatten']);
  net.layer('concat', {}, [heard, unheard]);
  net.layer('dense', { units: 2 });
  const built = net.build();
  const weight = Array.from({ length: 12 }, (_, i) => (i < 6 ? 0.5 + i : 0));
  const deaf = withParams(built, { [built.nodes.at(-1)!.id]: { weight } });
  const trained = { network: deaf, state: randomState(deaf, 1) };
  const deepen = operatorNamed('insert-identity-layer');
  const sites = deepen.sites(deaf).filter(({ node }) => node === heard || node === unheard);
  const scores = await gradientGain.score(deepen, trained, sites, probe());
  sites.forEach(({ node }, i) => {
    if (node === unheard) expect(scores[i]!.score).toBe(0);
    else expect(scores[i]!.score).toBeGreaterThan(0);
  });
  expect((await chooseSite(gradientGain, deepen, trained, sites, probe())).node).toBe(heard);
});

test('what was there gains nothing, also of a parent that has never been trained', async () => {
  const [site] = widen.sites(network);
  const untrained = { network, state: freshTrainingState };
  const [trained, fresh] = [
    await gradientGain.score(widen, parent, [site!], probe()),
    await gradientGain.score(widen, untrained, [site!], probe()),
  ];
  expect(fresh).toEqual(trained);
});

test.each(['prune-filters', 'drop-layer', 'net2wider'])('nothing new can gain of %s: it is refused', async (name) => {
  const net = new NetworkBuilder(shape, RandomStream.fromSeed(1));
  for (const channels of [4, 4]) net.layer('conv2d', { channels, kernel: 3 });
  net.layer('globalAvgPool');
  net.layer('dense', { units: 2 });
  const untrained = { network: net.build(), state: freshTrainingState };
  const operator = operatorNamed(name);
  const sites = operator.sites(untrained.network);
  expect(sites.length).toBeGreaterThan(0);
  const attempt = gradientGain.score(operator, untrained, sites, probe());
  await expect(attempt).rejects.toThrow(`Expected an operator that adds weights which are no copies, got "${name}"`);
});

test('a site that is refused gains nothing', async () => {
  const sites = [{ node: 'nowhere', amount: 1 }, widen.sites(network)[0]!];
  const [refused, offered] = await gradientGain.score(widen, parent, sites, probe());
  expect(refused!.score).toBe(0);
  expect(offered!.score).toBeGreaterThan(0);
});

describe('strategies that look at channels', () => {
  /** Image -> conv of 4, relu; read by a conv, flattened into a dense layer, and pooled and flattened behind a concat. */
  const net = new NetworkBuilder(shape, RandomStream.fromSeed(2));
  const conv = net.layer('conv2d', { channels: 4, kernel: 3 });
  const relu = net.layer('activation', { function: 'relu' });
  net.layer('flatten');
  const wide = net.layer('dense', { units: 3 });
  net.layer('conv2d', { channels: 2, kernel: 3 }, [relu]);
  const seen = net.layer('globalAvgPool');
  const pooled = net.layer('maxPool', { kernel: 2 }, [relu]);
  const flat = net.layer('flatten');
  net.layer('concat', {}, [wide, flat, seen]);
  net.layer('dense', { units: 2 });
  const built = net.build();
  // Channel 2 is always 0 behind the relu.
  const dead = withParams(built, { [conv]: { bias: [0.1, 0.2, -100, 0.3] } });
  const trained = { network: dead, state: randomState(dead, 1) };
  const [split, prune] = ['split-neurons', 'prune-filters'].map(operatorNamed) as [Operator, Operator];
  const site = { node: conv, amount: 2 };

  test('deadness is minus the mean |value| where layers read it, as a share of the mean over the group', async () => {
    const program = await referenceEngine.compile([dead]);
    const batch = batchOf(samples, [...Array(samples.count).keys()]);
    const [image, highest] = await program.forward(
      batch,
      [relu, pooled].map((node) => ({ network: 0, node })),
    );
    const sums = [0, 1, 2, 3].map((channel) => {
      const mean = (values: Values): number => {
        const plane = values.length / samples.count / 4;
        const own = Array.from(values).filter((_, i) => Math.floor(i / plane) % 4 === channel);
        return own.reduce((sum, x) => sum + Math.abs(x), 0) / own.length;
      };
      // Read by the second convolution and by the dense layer as it is, by the last layer pooled.
      return 2 * mean(image!) + mean(highest!);
    });
    const average = sums.reduce((a, b) => a + b) / 4;
    for (let channel = 0; channel < 4; channel++) {
      const [scored] = await deadness.score(prune, trained, [{ ...site, amount: 1, channels: [channel] }], probe());
      expect(scored!.site).toEqual({ ...site, amount: 1, channels: [channel] });
      expect(scored!.score).toBeCloseTo(-sums[channel]! / average, 10);
    }
    const order = [0, 1, 2, 3].sort((a, b) => sums[a]! - sums[b]!);
    expect(await chooseSite(deadness, prune, trained, [site], probe())).toEqual({
      ...site,
      channels: order.slice(0, 2),
    });
    expect(order[0]).toBe(2);
  });

  test('a channel that is always 0 can go without a trace on the samples', async () => {
    const chosen = await chooseSite(deadness, prune, trained, [{ ...site, amount: 1 }], probe());
    const child = childAt(prune, dead, chosen);
    const { largest, scale } = await compareOutputs(referenceEngine, [dead, child], samples.inputs.slice());
    expect(scale).toBeGreaterThan(0.1);
    expect(largest).toBe(0);
  });

  test('the deadest site is chosen among groups', async () => {
    const sites = [
      { node: wide, amount: 1 },
      { ...site, amount: 1 },
    ];
    expect((await chooseSite(deadness, prune, trained, sites, probe())).node).toBe(conv);
  });

  test('the pull on a channel is the root mean square, over batches of 32, of its gradient norm', async () => {
    const many = bars(50, 3);
    const program = await referenceEngine.compile([dead]);
    const squares = [0, 0, 0, 0];
    for (const positions of [[...Array(32).keys()], [...Array(18).keys()].map((i) => 32 + i)]) {
      const { targets, ...batch } = batchOf(many, positions);
      const { weight, bias } = (await program.gradients(batch, targets)).gradients[conv]!;
      squares.forEach((_, c) => {
        for (const x of [...weight!.subarray(9 * c, 9 * c + 9), bias![c]!]) squares[c]! += x ** 2 / 2;
      });
    }
    const order = [0, 1, 2, 3].sort((a, b) => squares[b]! - squares[a]!);
    const halves = { ...site, epsilon: 0.01 };
    const [scored] = await neuronGradient.score(split, trained, [halves], {
      ...probe(),
      samples: many,
    });
    expect(scored!.site).toEqual({ ...halves, channels: order.slice(0, 2) });
    const roots = order.slice(0, 2).map((c) => Math.sqrt(squares[c]!));
    expect(scored!.score).toBeCloseTo((roots[0]! + roots[1]!) / 2, 10);
    // No gradient comes back through what is always 0.
    expect(order[3]).toBe(2);
  });

  test('random channels are as many as asked for, and follow from the seed', async () => {
    const draw = async (seed: number): Promise<Site> => chooseSite(randomSite, prune, trained, [site], probe(seed));
    const drawn = await Promise.all([1, 1, 2, 3, 4, 5].map(draw));
    expect(drawn[0]).toEqual(drawn[1]);
    for (const { channels, amount } of drawn) {
      expect(amount).toBe(2);
      expect(new Set(channels as number[]).size).toBe(2);
    }
    expect(new Set(drawn.map(({ channels }) => String(channels))).size).toBeGreaterThan(2);
  });

  test.each([deadness, neuronGradient])('$name wants an operator whose sites name channels', async (strategy) => {
    await expect(strategy.score(widen, trained, [site], probe())).rejects.toThrow(
      'Expected an operator whose sites name channels, got "widen-zero-fan-out"',
    );
  });

  test.each([deadness, neuronGradient])('$name takes no site for worse than one that is refused', async (strategy) => {
    const [refused, offered] = await strategy.score(prune, trained, [{ ...site, node: 'nowhere' }, site], probe());
    expect(refused!.score).toBeLessThan(offered!.score);
  });
});

test('strategies are found by name', () => {
  for (const strategy of strategies) expect(strategyNamed(strategy.name)).toBe(strategy);
  expect(() => strategyNamed('best')).toThrow('Expected a strategy (random, gradient-gain, neuron-gradient, deadness)');
});
