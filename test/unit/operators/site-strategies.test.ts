// Strategies choose among sites: by what candidates would learn, or at random.
import { expect, test } from 'vitest';
import { batchOf } from '../../../src/data/samples.ts';
import {
  chooseSite,
  gradientGain,
  operatorNamed,
  randomSite,
  type Probe,
  type SiteStrategy,
} from '../../../operators/index.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { bars, cnn, shape } from '../../helpers/bars.ts';
import { withParams } from '../../helpers/operator-cases.ts';
import { randomState } from '../../helpers/random-state.ts';

const samples = bars(20, 1);
const probe = (seed = 1): Probe => ({ engine: referenceEngine, samples, rng: RandomStream.fromSeed(seed) });
const network = cnn();
const parent = { network, state: randomState(network, 1) };
const widen = operatorNamed('widen-zero-fan-out');

test('the site of the highest score is chosen', async () => {
  const sites = widen.sites(network);
  const second: SiteStrategy = { ...randomSite, score: () => Promise.resolve(sites.map((_, i) => (i === 1 ? 1 : 0))) };
  expect(await chooseSite(second, widen, parent, sites, probe())).toBe(sites[1]);
  await expect(chooseSite(second, widen, parent, [], probe())).rejects.toMatchObject({ code: 'bad-argument' });
});

test('random scores follow from the seed', async () => {
  const sites = widen.sites(network);
  const scores = (seed: number): Promise<readonly number[]> => randomSite.score(widen, parent, sites, probe(seed));
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
  const [gain] = await gradientGain.score(widen, parent, [site!], probe());
  expect(gain).toBeGreaterThan(0);
  expect(gain).toBeCloseTo(Math.sqrt(sum), 12);
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
    if (node === unheard) expect(scores[i]).toBe(0);
    else expect(scores[i]).toBeGreaterThan(0);
  });
  expect((await chooseSite(gradientGain, deepen, trained, sites, probe())).node).toBe(heard);
});

test('a site that is refused gains nothing', async () => {
  const sites = [{ node: 'nowhere', amount: 1 }, widen.sites(network)[0]!];
  const [refused, offered] = await gradientGain.score(widen, parent, sites, probe());
  expect(refused).toBe(0);
  expect(offered).toBeGreaterThan(0);
});
