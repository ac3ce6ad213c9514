// What an own operator does wrong is told of the child, with its name; it never ends the run.
import { expect, test } from 'vitest';
import type { Operator, Site } from '../../../operators/index.ts';
import { mutate } from '../../../population/variation.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState, type TrainedNetwork } from '../../../src/training/training-state.ts';
import { mlp } from '../../helpers/bars.ts';
import { individualOf } from '../../helpers/evaluated.ts';

const parent = individualOf('parent', { network: mlp(), state: freshTrainingState });
const own: Operator = {
  name: 'own',
  preserves: 'approximate',
  cost: 'same',
  summary: 'Does nothing.',
  source: 'this test',
  sites: () => [{ node: 'x' }],
  apply: (trained) => ({ child: trained }),
};
const fail = (): never => {
  throw new Error('no luck');
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
    'undefined',
  ],
])('an operator that %s', (_, parts, site, message) => {
  const variation = mutate(parent, [{ ...own, ...parts }], RandomStream.fromSeed(1))!;
  expect(variation.failure).toContain(message);
  expect(variation.provenance).toEqual({ how: 'mutation', operator: 'own', site, parents: ['parent'] });
  expect(variation.child).toBe(parent.trained);
});

test('an operator that does nothing wrong', () => {
  const variation = mutate(parent, [own], RandomStream.fromSeed(1));
  expect(variation).not.toHaveProperty('failure');
});
