// What plain JavaScript may hand over in place of parts and results: told by name, before anything has changed.
import { expect, test } from 'vitest';
import {
  Evolution,
  evolve,
  type EvolutionParts,
  type Evaluated,
  type EvolveOptions,
} from '../../../population/index.ts';
import { objectives } from '../../../population/objectives/built-in.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';
import { mlp, shape } from '../../helpers/bars.ts';
import { evaluatedAs } from '../../helpers/evaluated.ts';

const problem = { shape, classes: 2 };
const thrown = (code: string, message: string): Error =>
  expect.objectContaining({
    name: 'NeurostitchError',
    code,
    message: expect.stringContaining(message) as string,
  }) as Error;

/** A small network with other fields in its dense node, or another weight. */
const withNode = (change: object): object => {
  const { nodes } = mlp();
  return { nodes: nodes.map((node, at) => (at === 2 ? { ...node, ...change } : node)) };
};
const [weight] = Object.values(mlp().nodes[2]!.params);
const withWeight = (change: unknown): object => withNode({ params: { weight: change } });

const wrongNetworks: [string, object, string][] = [
  ['a node that is none', { nodes: [null] }, 'a node with an id, got nothing (at first.0.nodes.0)'],
  ['a hole for a node', { nodes: new Array(1) }, 'a node with an id, got nothing (at first.0.nodes.0)'],
  ['a number as id', withNode({ id: 5 }), 'a node with an id, got 5 (at first.0.nodes.2)'],
  ['no kind', withNode({ kind: undefined }), 'a node with a kind, got nothing (at first.0.nodes.2)'],
  ['no inputs', withNode({ inputs: undefined }), 'a list of node ids, got nothing (at first.0.nodes.2.inputs)'],
  ['an input that is no text', withNode({ inputs: [2] }), 'a list of node ids, got [2] (at first.0.nodes.2.inputs)'],
  ['no parameters', withNode({ params: null }), 'tensors by name, got null (at first.0.nodes.2.params)'],
  ['a tensor that is none', withWeight(null), 'a tensor with a shape, got nothing (at first.0.nodes.2.params.weight)'],
  ['a shape of texts', withWeight({ ...weight, shape: ['20', '4'] }), 'a tensor with a shape, got ["20","4"]'],
  [
    'a list as data',
    withWeight({ ...weight, data: [...weight!.data] }),
    'a Float32Array, got [object Array] (at first.0.nodes.2.params.weight.data)',
  ],
  ['doubles as data', withWeight({ ...weight, data: new Float64Array(80) }), 'got [object Float64Array]'],
];

test.each(wrongNetworks)('a first network with %s', async (_, network, message) => {
  const first = [{ name: 'mine', network }] as unknown as EvolutionParts['first'];
  expect(() => new Evolution({}, problem, { first: first! })).toThrow(thrown('bad-network', message));
  // Before data is loaded, let alone a folder made.
  const loading: string[] = [];
  const run = evolve(
    { data: 'nowhere' },
    { out: '/nowhere/x', first: first! },
    { onLoad: (data) => loading.push(data) },
  );
  await expect(run).rejects.toThrow(thrown('bad-network', message));
  expect(loading).toEqual([]);
});

const own = { ...objectives[0]!, name: 'own' };
test.each<[unknown, string]>([
  [null, 'an object with parts, got null (at parts)'],
  ['all', 'an object with parts, got "all" (at parts)'],
  [[1], 'an object with parts, got [1] (at parts)'],
  [{ first: null }, 'a list of at least one, or nothing for the default, got null (at first)'],
  [{ objectives: [{ ...own, name: '__proto__' }] }, 'a name that no built-in one has, got "__proto__"'],
  [{ objectives: [{ ...own, unit: 5 }] }, 'a unit as text, or nothing, got 5 (at objectives.0.unit)'],
  [{ objectives: [{ ...own, reference: Symbol('r') }] }, 'a finite reference worse than the ideal, got Symbol(r)'],
])('no parts: %j', (parts, message) => {
  expect(() => new Evolution({}, problem, parts as EvolutionParts)).toThrow(thrown('bad-argument', message));
});

test('options that are none are wrong as a whole', async () => {
  await expect(evolve({}, null as unknown as EvolveOptions)).rejects.toThrow(thrown('bad-argument', '(at out)'));
});

const good = evaluatedAs({ child: { network: mlp(), state: freshTrainingState } }, 0.5);
const trainedAs = (network: object): object => ({ ...good, trained: { network, state: freshTrainingState } });
test.each<[string, unknown, string, string]>([
  ['a failure that is nothing', { ...good, failure: undefined }, 'bad-argument', 'a failure in words, got nothing'],
  [
    'compute that is none',
    { failure: 'x', spent: 5 },
    'bad-argument',
    'a whole number, 0 or more, as samples, got nothing',
  ],
  [
    'half a multiplication',
    { failure: 'x', spent: { samples: 1, trainingMacs: 0.5, evaluationMacs: 1 } },
    'bad-argument',
    'a whole number, 0 or more, as trainingMacs, got 0.5',
  ],
  ['no moments', { ...good, trained: { network: mlp() } }, 'bad-network', 'moments by node, got nothing'],
  [
    'moments that are none',
    { ...good, trained: { network: mlp(), state: { moments: { dense: { weight: { age: 3 } } } } } },
    'bad-network',
    'a tensor with a shape, got nothing',
  ],
  ['a mistake twice', { ...good, mistakes: [3, 3] }, 'bad-argument', 'ascending, no more than samples, got [3,3]'],
  ['mistakes without end', { ...good, mistakes: [...Array(31).keys()] }, 'bad-argument', 'no more than samples'],
  ['no nodes', trainedAs({ nodes: [] }), 'bad-network', 'at least one node, got none'],
  ['an unknown layer', trainedAs(withNode({ kind: 'dens' })), 'bad-network', 'got "dens"'],
  ['a node that is none', trainedAs({ nodes: [null] }), 'bad-network', 'a node with an id, got nothing'],
])('tell refuses %s, and nothing has changed', (_, evaluated, code, message) => {
  const evolution = new Evolution({}, problem, { first: [{ name: 'mlp', network: mlp() }] });
  const [candidate] = evolution.ask();
  expect(() => evolution.tell(candidate!, evaluated as Evaluated)).toThrow(thrown(code, message));
  expect(evolution.waiting[0]).toBe(candidate);
  expect(evolution.evaluations).toBe(0);
});
