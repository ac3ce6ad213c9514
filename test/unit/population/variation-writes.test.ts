// An own operator that writes into its parent would change every network that shares its tensors: it fails, all else stays.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { operatorNamed, type Operator } from '../../../operators/index.ts';
import { Evolution, type Candidate, type Evaluated, type Individual } from '../../../population/index.ts';
import { individualEvent } from '../../../population/run/decided-events.ts';
import { mutate, type Variation } from '../../../population/variation.ts';
import { networkHash } from '../../../src/network/hash.ts';
import type { Network, NetworkNode } from '../../../src/network/network.ts';
import { layersOf } from '../../../src/network/shapes.ts';
import { tensorBytes, tensorHash, type Tensor } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState, type TrainedNetwork } from '../../../src/training/training-state.ts';
import { cnn, mlp, shape } from '../../helpers/bars.ts';
import { evaluatedAs, individualOf } from '../../helpers/evaluated.ts';
import { ownOperator } from '../../helpers/own-operator.ts';
import { buildNetwork, recipes } from '../../helpers/random-network.ts';
import { randomState } from '../../helpers/random-state.ts';

const trained = (): TrainedNetwork => ({ network: mlp(), state: randomState(mlp(), 1) });
const variationOf = (parent: Individual, parts: Partial<Operator>): Variation =>
  mutate(parent, [{ ...ownOperator, ...parts }], RandomStream.fromSeed(1))!;

const dense = ({ nodes }: Network): NetworkNode => nodes[2]!;
const scale = (given: Tensor): Tensor => {
  given.data.set(given.data.map((value) => 2 * value));
  return given;
};
const scaleWeight = (network: Network): Tensor => scale(dense(network).params.weight!);

/** Applies after a write, and gives the parent back. */
const writing = (write: (parent: TrainedNetwork) => unknown): Partial<Operator> => ({
  apply(parent) {
    write(parent);
    return { child: parent };
  },
});
const weight = 'network.nodes.dense.params.weight.data';

test.each<[string, Partial<Operator>, string]>([
  ['weights', writing(({ network }) => scaleWeight(network)), weight],
  [
    'moments',
    writing(({ state }) => scale(state.moments.dense!.bias!.second!)),
    'state.moments.dense.bias.second.data',
  ],
  [
    'weights, looking for sites and finding none',
    {
      sites(network) {
        scaleWeight(network);
        return [];
      },
    },
    weight,
  ],
  [
    'weights, and refuses then',
    {
      apply({ network }) {
        scaleWeight(network);
        return { refusal: { reason: 'bad-size', message: '' } };
      },
    },
    weight,
  ],
  [
    'a bias, NaN and all',
    writing(({ network }) => dense(network).params.bias!.data.fill(NaN)),
    'network.nodes.dense.params.bias.data',
  ],
  [
    'a bias, but for the signs of its zeros nothing',
    writing(({ network }) => dense(network).params.bias!.data.fill(-0)),
    'network.nodes.dense.params.bias.data',
  ],
  [
    'attributes',
    writing(({ network }) => Reflect.set(dense(network).attributes, 'units', 9)),
    'network.nodes.dense.attributes.units',
  ],
  [
    'the list of nodes',
    writing(({ network: { nodes } }) => (nodes as NetworkNode[]).push(nodes[1]!)),
    'network.nodes.5',
  ],
  [
    'the names of parameters',
    writing(({ network }) => Reflect.deleteProperty(dense(network).params, 'weight')),
    'network.nodes.dense.params.weight',
  ],
])('an operator that writes into %s', (_, parts, place) => {
  const parent = individualOf('parent', trained());
  const variation = variationOf(parent, parts);
  expect(variation.failure).toBe(`Expected a parent that is left as it was, got a write into ${place} (at own)`);
  expect(variation.child).toBe(parent.trained);
  expect(parent.trained).toEqual(trained());
  // The keys' order, too: files have it.
  expect(JSON.stringify(parent.trained.network)).toBe(JSON.stringify(mlp()));
});

test('one that writes and throws then: its own words, and the parent as it was', () => {
  const parent = individualOf('parent', trained());
  const apply = ({ network }: TrainedNetwork): never => {
    scaleWeight(network);
    throw new Error('no luck');
  };
  expect(variationOf(parent, { apply }).failure).toBe('no luck');
  expect(parent.trained).toEqual(trained());
});

test('what is asked in the midst of a write, and remembered, is of what stays', () => {
  const parent = { ...individualOf('parent', trained()), trained: trained() };
  const { network, state } = parent.trained;
  const tensors = [dense(network).params.weight!, state.moments.dense!.weight!.first!];
  const write = (): void => {
    tensors.forEach(scale);
    tensors.forEach(tensorHash);
    Reflect.set(network.nodes[3]!.attributes, 'function', 'tanh');
    const [last] = network.nodes.slice(-1);
    (network.nodes as NetworkNode[]).push({ ...network.nodes[3]!, id: 'more', inputs: [last!.id] });
    networkHash(network);
    layersOf(network);
  };
  expect(variationOf(parent, writing(write)).failure).toContain('a write into');
  expect(networkHash(network)).toBe(networkHash(mlp()));
  expect([...layersOf(network).keys()]).toEqual(mlp().nodes.map(({ id }) => id));
  expect(tensors.map(tensorHash)).toEqual(tensors.map((value) => tensorHash({ ...value })));
});

test('any other bits anywhere are noticed, and undone', () => {
  fc.assert(
    fc.property(recipes({ maxSteps: 4 }), fc.nat(), fc.nat(), fc.float(), (recipe, tensorAt, at, value) => {
      const network = buildNetwork(recipe);
      const parent = individualOf('parent', { network, state: randomState(network, 1) });
      const tensors = (all: TrainedNetwork): Tensor[] => [
        ...all.network.nodes.flatMap(({ params }) => Object.values(params)),
        ...Object.values(all.state.moments).flatMap((byName) => Object.values(byName).flatMap(Object.values<Tensor>)),
      ];
      const chosen = tensors(parent.trained)[tensorAt % tensors(parent.trained).length]!;
      const before = Buffer.from(tensorBytes(chosen)).toString('hex');
      let during = '';
      const apply = (child: TrainedNetwork): { child: TrainedNetwork } => {
        chosen.data[at % chosen.data.length] = value;
        during = Buffer.from(tensorBytes(chosen)).toString('hex');
        return { child };
      };
      const { failure } = variationOf(parent, { apply });
      expect(failure?.includes('a write into') ?? false).toBe(during !== before);
      expect(Buffer.from(tensorBytes(chosen)).toString('hex')).toBe(before);
    }),
  );
});

test('an operator that writes nothing gets the parent itself, and its child shares what it shared', () => {
  const parent = individualOf('parent', trained());
  const grow = operatorNamed('insert-identity-layer');
  const [copy, builtIn] = [{ ...grow }, grow].map((operator) => mutate(parent, [operator], RandomStream.fromSeed(1))!);
  expect(copy).toEqual(builtIn);
  expect(copy).not.toHaveProperty('failure');
  const shared = new Set(parent.trained.network.nodes.flatMap(({ params }) => Object.values(params)));
  const kept = copy!.child.network.nodes
    .flatMap(({ params }) => Object.values(params))
    .filter((own) => shared.has(own));
  expect(kept.length).toBe(shared.size);
  expect(variationOf(parent, {}).child).toBe(parent.trained);
});

test('the run goes on, and its journal is that of a run in which the operator throws instead', () => {
  const message =
    'Expected a parent that is left as it was, got a write into network.nodes.NODE.params.weight.data (at own)';
  const target = ({ nodes }: Network): NetworkNode => nodes.findLast(({ kind }) => kind === 'dense')!;
  const writes: Operator = {
    ...ownOperator,
    ...writing(({ network }) => scale(target(network).params.weight!)),
  };
  const throws: Operator = {
    ...ownOperator,
    apply: ({ network }) => {
      throw new Error(message.replace('NODE', target(network).id));
    },
  };
  const linesWith = (operator: Operator): unknown[] => {
    const first = [
      { name: 'mlp', network: mlp() },
      { name: 'cnn', network: cnn() },
    ];
    const operators = [operator, operatorNamed('widen-pair'), operatorNamed('insert-identity-layer')];
    const settings = { seed: 5, generations: 4, children: 8, populationSize: 4 };
    const evolution = new Evolution(settings, { shape, classes: 2 }, { first, operators });
    const lines: unknown[] = [];
    while (!evolution.finished) {
      for (const candidate of evolution.ask()) {
        const individual = evolution.tell(candidate, answer(candidate, lines.length));
        const { generation, evaluations: evaluation } = evolution;
        const model = networkHash(individual.trained.network);
        lines.push(individualEvent(individual, candidate, { evaluation, generation }, model));
      }
    }
    expect(evolution.finished).toBe('generations');
    return lines;
  };
  const lines = linesWith(writes);
  expect(lines).toEqual(linesWith(throws));
  const failed = lines.filter((line) => (line as { failure: string | null }).failure !== null).length;
  expect(failed).toBeGreaterThan(2);
  expect(failed).toBeLessThan(lines.length - 4);
});

/** As training would: weights of its own, and an error that falls. */
function answer(candidate: Candidate, turn: number): Evaluated {
  const { child, failure } = candidate;
  if (failure !== undefined) return { failure };
  const { network } = child;
  return evaluatedAs({ child: { network, state: freshTrainingState } }, 0.5 * 0.9 ** turn, 100);
}
