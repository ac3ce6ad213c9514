// Ask and tell: phases, what a child inherits, no twins, and what is refused.
import { describe, expect, test } from 'vitest';
import { operators, type Operator } from '../../../operators/index.ts';
import {
  Evolution,
  parseConfig,
  type Candidate,
  type Evaluated,
  type EvolutionParts,
  type EvolutionSettings,
  type NetworkObjective,
  type Problem,
} from '../../../population/index.ts';
import { limitsOf } from '../../../population/config.ts';
import { sumOf } from '../../../population/results.ts';
import { costOf } from '../../../src/network/cost.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { networkHash } from '../../../src/network/hash.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';
import { cnn, mlp, shape } from '../../helpers/bars.ts';
import { evaluatedAs } from '../../helpers/evaluated.ts';
import { layers } from '../../helpers/own-objectives.ts';

const problem = { shape, classes: 2 };
const first = [
  { name: 'mlp', network: mlp() },
  { name: 'cnn', network: cnn() },
];

function start(settings: EvolutionSettings = {}): Evolution {
  return new Evolution(parseConfig({ seed: 5, children: 6, populationSize: 4, ...settings }), problem, { first });
}

/** As if training had changed nothing; the error rises as evaluations go on, so that of the first networks none is dominated. */
function answer(candidate: Candidate, turn: number): Evaluated {
  return evaluatedAs(candidate, 1 - 0.5 / turn, 100 + turn);
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

  test('with no child to be had the evolution is exhausted, until its limits change', () => {
    const barren: Operator = { ...operators[0]!, sites: () => [] };
    const evolution = new Evolution({ stitchShare: 0, generations: 5 }, problem, { first, operators: [barren] });
    tellAll(evolution);
    expect(evolution.finished).toBeUndefined();
    expect(evolution.ask()).toEqual([]);
    expect(evolution.finished).toBe('exhausted');
    expect(evolution.generation).toBe(0);
    evolution.limit({ ...limitsOf(parseConfig({})), generations: 6 });
    expect(evolution.finished).toBeUndefined();
  });
});

describe('asking in steps', () => {
  test('pauses before each attempt and gives what ask gives', () => {
    const [whole, steps] = [start(), start()];
    tellAll(whole);
    tellAll(steps);
    const asking = steps.asking();
    let pauses = 0;
    let step = asking.next();
    for (; !step.done; step = asking.next()) pauses += 1;
    expect(pauses).toBeGreaterThanOrEqual(step.value.length);
    expect(step.value).toEqual(whole.ask());
    expect(steps.waiting).toEqual(step.value);
  });

  test('given up leaves all as it was', () => {
    const [whole, given] = [start(), start()];
    tellAll(whole);
    tellAll(given);
    const asking = given.asking();
    for (let pauses = 0; pauses < 3; pauses++) asking.next();
    expect(given.waiting).toEqual([]);
    expect(given.generation).toBe(0);
    expect(given.ask()).toEqual(whole.ask());
  });
});

test('no more children are made than may be evaluated', () => {
  const evolution = start({ maxEvaluations: 4, children: 1000 });
  tellAll(evolution);
  let pauses = 0;
  for (const asking = evolution.asking(); !asking.next().done;) pauses += 1;
  expect(evolution.waiting).toHaveLength(2);
  expect(pauses).toBeLessThan(100);
});

describe('a limit of evaluations', () => {
  // Mutants of both first networks: six children, and two controls after them.
  const askedUnder = (maxEvaluations: number | null): readonly Candidate[] => {
    const evolution = start({ maxEvaluations, control: true, stitchShare: 0 });
    tellAll(evolution);
    return evolution.ask();
  };
  const isControl = ({ provenance }: Candidate): boolean => provenance.how === 'control';

  test('takes first networks as they are listed, not by their work', () => {
    for (const listed of [first, first.toReversed()]) {
      const evolution = new Evolution({ maxEvaluations: 1 }, problem, { first: listed });
      expect(evolution.ask().map(({ child }) => child.network)).toEqual([listed[0]!.network]);
    }
  });

  test('law: one less leaves out a network of the same, controls before children', () => {
    const hashesOf = (asked: readonly Candidate[]): string[] => asked.map(({ child }) => networkHash(child.network));
    const [most, ...fewer] = [null, 9, 8, 7, 6, 5, 4, 3].map(askedUnder) as [readonly Candidate[], ...Candidate[][]];
    expect(most.filter(isControl)).toHaveLength(2);
    expect(most).toHaveLength(8);
    let more = most;
    for (const asked of fewer) {
      expect(asked).toHaveLength(more.length - 1);
      expect(hashesOf(more)).toEqual(expect.arrayContaining(hashesOf(asked)));
      expect(asked.filter(isControl)).toHaveLength(Math.max(0, asked.length - 6));
      more = asked;
    }
  });
});

test('children that failed before any training are asked last', () => {
  const most = Math.max(...first.map(({ network }) => costOf(network).macs));
  const picky: NetworkObjective = { ...layers, measure: (network) => (costOf(network).macs > most ? NaN : 1) };
  const evolution = new Evolution({ seed: 5, children: 12, stitchShare: 0, objectives: ['error', 'layers'] }, problem, {
    first,
    objectives: [picky],
  });
  tellAll(evolution);
  const asked = evolution.ask();
  const failed = asked.filter(({ failure }) => failure !== undefined);
  const others = asked.filter(({ failure }) => failure === undefined);
  // What stands in for a failed child has more work than some of the others.
  const least = Math.min(...others.map(({ child }) => costOf(child.network).macs));
  expect(failed.some(({ child }) => costOf(child.network).macs > least)).toBe(true);
  expect(asked).toEqual([...others, ...failed]);
});

test('mistakes of controls tell which samples are hard, too', () => {
  const evolution = start({ rungs: true, control: true, stitchShare: 0 });
  tellAll(evolution);
  const asked = evolution.ask();
  for (const candidate of asked) {
    const mistakes = candidate.provenance.how === 'control' ? [3] : [4];
    evolution.tell(candidate, { ...answer(candidate, 3), mistakes });
  }
  const controls = asked.filter(({ provenance }) => provenance.how === 'control').length;
  expect(controls).toBeGreaterThan(0);
  const told = first.length + asked.length;
  const rates = evolution.ask()[0]!.rungs!.difficulty!.data;
  expect([...rates.slice(3, 5)]).toEqual([controls, asked.length - controls].map((count) => Math.fround(count / told)));
});

test('a child inherits what all its parents have seen', () => {
  const evolution = start({ stitchShare: 0.5 });
  tellAll(evolution);
  const seen = new Map(evolution.population().map(({ id, spent, inherited }) => [id, sumOf([spent, inherited])]));
  const children = evolution.ask();
  for (const { provenance, inherited } of children) {
    expect(inherited).toEqual(sumOf(provenance.parents.map((id) => seen.get(id)!)));
    expect(inherited.trainingMacs).toBe(3 * inherited.samples);
  }
  expect(new Set(children.map(({ provenance }) => provenance.parents.length))).toEqual(new Set([1, 2]));
  const told = children.map((child) => evolution.tell(child, answer(child, 7)));
  for (const { spent } of told) expect(spent).toEqual({ samples: 107, trainingMacs: 321, evaluationMacs: 30 });
});

test('no generation has the same network twice', () => {
  const evolution = start({ operators: ['activation-to-acti-switch'], stitchShare: 0, children: 12 });
  tellAll(evolution);
  const hashes = evolution.ask().map(({ child }) => networkHash(child.network));
  // Each first network has one activation, so there are two children to be had.
  expect(hashes).toHaveLength(2);
  expect(new Set(hashes).size).toBe(2);
});

describe('tell refuses, and nothing has changed,', () => {
  const { validation, ...good } = evaluatedAs({ child: { network: mlp(), state: freshTrainingState } }, 0.5, 3);
  test.each<[string, unknown, string]>([
    [
      'an error above 1',
      { ...good, validation: { ...validation, error: 1.01, loss: 1 } },
      'a validation error from 0 to 1, got 1.01',
    ],
    [
      'an error below 0',
      { ...good, validation: { ...validation, error: -0.1, loss: 1 } },
      'a validation error from 0 to 1, got -0.1',
    ],
    [
      'an error of NaN',
      { ...good, validation: { ...validation, error: NaN, loss: 1 } },
      'a validation error from 0 to 1, got NaN',
    ],
    [
      'a loss of NaN',
      { ...good, validation: { ...validation, error: 0, loss: NaN } },
      'a finite validation loss, got NaN',
    ],
    [
      'an infinite loss',
      { ...good, validation: { ...validation, error: 0, loss: Infinity } },
      'a finite validation loss, got Infinity',
    ],
    [
      'a fit of NaN',
      { ...good, validation: { ...validation, error: 0, loss: 1 }, fit: [NaN] },
      'finite numbers as fit',
    ],
    [
      'a mistake before the first sample',
      { ...good, validation: { ...validation, error: 0, loss: 1 }, mistakes: [-1] },
      'positions as mistakes',
    ],
    ['half a sample', { ...good, validation: { ...validation, error: 0, loss: 1 }, samplesSeen: 0.5 }, 'got 0.5'],
    [
      'no network',
      { ...good, trained: {}, validation: { ...validation, error: 0, loss: 1 } },
      'the trained network, or a failure',
    ],
    ['no validation', good, 'a validation error from 0 to 1, got nothing'],
    ['nothing', undefined, 'the trained network, or a failure, got nothing'],
    ['a failure that says nothing', { failure: 1 }, 'a failure in words, got 1'],
  ])('%s', (_, evaluated, message) => {
    const evolution = start();
    const [candidate] = evolution.ask();
    expect(() => evolution.tell(candidate!, evaluated as Evaluated)).toThrow(
      expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining(message) as string }) as Error,
    );
    expect(evolution.waiting[0]).toBe(candidate);
    expect(evolution.evaluations).toBe(0);
  });
});

describe('what is no problem, part or setting is refused:', () => {
  const [operator] = operators;
  test.each<[string, unknown, unknown, unknown, string, string]>([
    ['raw settings', { children: 0 }, problem, {}, 'bad-config', 'got 0 (at children)'],
    ['no settings', undefined, problem, {}, 'bad-config', 'an object with settings, got nothing'],
    ['no problem', {}, undefined, {}, 'bad-argument', 'the shape of a sample, got nothing (at problem.shape)'],
    ['no classes', {}, { shape }, {}, 'bad-argument', 'a number of classes, got nothing (at problem.classes)'],
    ['first networks', {}, problem, { first: 3 }, 'bad-argument', 'for the default, got 3 (at first)'],
    ['no first networks', {}, problem, { first: [] }, 'bad-argument', 'for the default, got [] (at first)'],
    ['a first network', {}, problem, { first: [null] }, 'bad-argument', 'with a name, got nothing (at first.0)'],
    ['a bare network', {}, problem, { first: [{ name: 'x', network: {} }] }, 'bad-argument', 'got {} (at first.0)'],
    ['an operator list', {}, problem, { operators: operator }, 'bad-argument', '(at operators)'],
    ['no operators', {}, problem, { operators: [] }, 'bad-argument', 'got [] (at operators)'],
    ['an operator name', {}, problem, { operators: ['widen-pair'] }, 'bad-argument', 'with a name, got nothing'],
    ['half an operator', {}, problem, { operators: [{ name: 'x', sites: () => [] }] }, 'bad-argument', 'got "x"'],
  ])('%s', (_, settings, given, parts, code, message) => {
    const make = () => new Evolution(settings as EvolutionSettings, given as Problem, parts as EvolutionParts);
    expect(make).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error,
    );
  });
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
