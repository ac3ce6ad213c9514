// Ask and tell: phases, what a child inherits, no twins, and networks that are refused.
import { describe, expect, test } from 'vitest';
import {
  Evolution,
  parseConfig,
  type Candidate,
  type Evaluated,
  type EvolutionSettings,
} from '../../../population/index.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { networkHash } from '../../../src/network/hash.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { cnn, mlp, shape } from '../../helpers/bars.ts';

const problem = { shape, classes: 2 };
const first = [
  { name: 'mlp', network: mlp() },
  { name: 'cnn', network: cnn() },
];

function start(settings: EvolutionSettings = {}): Evolution {
  return new Evolution(parseConfig({ seed: 5, children: 6, populationSize: 4, ...settings }), problem, { first });
}

/** As if training had changed nothing; the error falls as evaluations go on. */
function answer({ child }: Candidate, turn: number): Evaluated {
  return { trained: child, validation: { error: 0.5 / turn, loss: 1 }, fit: [], samplesSeen: 100 + turn };
}

function tellAll(evolution: Evolution): void {
  for (const candidate of evolution.ask()) evolution.tell(candidate, answer(candidate, evolution.evaluations + 1));
}

describe('phases', () => {
  test('the last candidate told makes the next population; asking before that is refused', () => {
    const evolution = start();
    const [one, two] = evolution.ask();
    expect(() => evolution.tell(two!, answer(two!, 1))).toThrow(`Expected candidate ${one!.id} next, got "${two!.id}"`);
    evolution.tell(one!, answer(one!, 1));
    expect(() => evolution.ask()).toThrow('Expected every candidate told before asking, got 1');
    expect(evolution.population()).toEqual([]);
    evolution.tell(two!, answer(two!, 2));
    expect(evolution.population().map(({ id }) => id)).toEqual([one!.id, two!.id]);
    expect(() => evolution.tell(two!, answer(two!, 2))).toThrow('Expected candidate (none) next');
    expect(evolution.ask()).toHaveLength(6);
  });

  test('with every first network failed there is nothing left to ask', () => {
    const evolution = start();
    for (const candidate of evolution.ask()) evolution.tell(candidate, { failure: 'no luck' });
    expect(evolution.finished).toBe('failed');
    expect(evolution.ask()).toEqual([]);
  });
});

test('a child inherits what all its parents have seen', () => {
  const evolution = start({ stitchShare: 0.5 });
  tellAll(evolution);
  const seen = new Map(evolution.population().map(({ id, samplesSeen }) => [id, samplesSeen]));
  const children = evolution.ask();
  for (const { provenance, samplesInherited } of children) {
    expect(samplesInherited).toBe(provenance.parents.reduce((sum, id) => sum + seen.get(id)!, 0));
  }
  expect(new Set(children.map(({ provenance }) => provenance.parents.length))).toEqual(new Set([1, 2]));
  const told = children.map((child) => evolution.tell(child, answer(child, 7)));
  told.forEach(({ individual }, i) => {
    expect(individual.samplesSeen).toBe(children[i]!.samplesInherited + 107);
  });
});

test('no generation has the same network twice', () => {
  const evolution = start({ operators: ['activation-to-acti-switch'], stitchShare: 0, children: 12 });
  tellAll(evolution);
  const hashes = evolution.ask().map(({ child }) => networkHash(child.network));
  // Each first network has one activation, so there are two children to be had.
  expect(hashes).toHaveLength(2);
  expect(new Set(hashes).size).toBe(2);
});

describe('a first network is refused', () => {
  const build = (size: number[], units: number, last?: string): NetworkBuilder => {
    const net = new NetworkBuilder(size, RandomStream.fromSeed(1));
    net.layer('flatten');
    net.layer('dense', { units });
    if (last) net.layer(last, last === 'activation' ? { function: 'sigmoid' } : {});
    return net;
  };
  test.each<[string, NetworkBuilder, string]>([
    ['with another input', build([1, 4, 5], 2), 'Expected samples of shape [1, 5, 4], got [1,4,5] (at mine)'],
    ['with too many outputs', build(shape, 3), 'Expected 2 outputs, one a class, got [3] (at mine)'],
    ['that ends in softmax', build(shape, 2, 'softmax'), 'Expected logits as output'],
    ['that ends in sigmoid', build(shape, 2, 'activation'), 'Expected logits as output'],
  ])('%s', (_, net, message) => {
    const mine = [{ name: 'mine', network: net.build() }];
    expect(() => new Evolution(parseConfig({}), problem, { first: mine })).toThrow(message);
  });
});
