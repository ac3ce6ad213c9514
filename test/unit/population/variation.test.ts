// What an own operator does wrong is told of the child, with its name; it never ends the run.
import { expect, test } from 'vitest';
import type { Operator, Site } from '../../../operators/index.ts';
import { mutate } from '../../../population/variation.ts';
import type { NetworkNode } from '../../../src/network/network.ts';
import { filled, type Tensor } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState, type TrainedNetwork } from '../../../src/training/training-state.ts';
import { mlp } from '../../helpers/bars.ts';
import { individualOf } from '../../helpers/evaluated.ts';
import { ownOperator } from '../../helpers/own-operator.ts';

const parent = individualOf('parent', { network: mlp(), state: freshTrainingState });
const fail = (): never => {
  throw new Error('no luck');
};
const asList = ({ params }: NetworkNode): Tensor => {
  const { shape, data } = params.bias ?? filled([0], 0);
  return { shape, data: [...data] as unknown as Tensor['data'] };
};
const plain = 'Expected a site of texts, finite numbers, booleans and lists of them, got';

test.each<[string, Partial<Operator>, Site, string]>([
  ['throws in sites', { sites: fail }, {}, 'no luck'],
  ['throws in apply', { apply: fail }, { node: 'x' }, 'no luck'],
  ['has NaN in a site', { sites: () => [{ factor: NaN }] }, {}, `${plain} NaN (at own.factor)`],
  ['has Infinity deep in a site', { sites: () => [{ at: [1, [Infinity]] }] }, {}, `${plain} [1,[null]] (at own.at)`],
  ['has a site that is none', { sites: () => [null as unknown as Site] }, {}, `${plain} null (at own)`],
  [
    'makes a child without a state',
    { apply: ({ network }) => ({ child: { network } as TrainedNetwork }) },
    { node: 'x' },
    'Expected moments by node, got nothing (at own.child.state.moments)',
  ],
  ['has sites that are no list', { sites: () => ({}) as [] }, {}, 'Expected a list of sites, got {} (at own)'],
  [
    'answers nothing',
    { apply: () => undefined as never },
    { node: 'x' },
    'Expected a child or a refusal, got nothing (at own)',
  ],
  [
    'makes tensors of plain lists, which all would be stored as one',
    {
      apply: ({ network: { nodes }, state }) => ({
        child: {
          network: { nodes: nodes.map((node) => ({ ...node, params: { ...node.params, bias: asList(node) } })) },
          state,
        },
      }),
    },
    { node: 'x' },
    'Expected a Float32Array, got [object Array] (at own.child.network.nodes.0.params.bias.data)',
  ],
])('an operator that %s', (_, parts, site, message) => {
  const variation = mutate(parent, [{ ...ownOperator, ...parts }], RandomStream.fromSeed(1))!;
  expect(variation.failure).toContain(message);
  expect(variation.provenance).toEqual({ how: 'mutation', operator: 'own', site, parents: ['parent'] });
  expect(variation.child).toBe(parent.trained);
});

test('an operator that does nothing wrong', () => {
  const variation = mutate(parent, [ownOperator], RandomStream.fromSeed(1));
  expect(variation).not.toHaveProperty('failure');
});
