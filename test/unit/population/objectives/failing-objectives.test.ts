// Network objectives of the caller's that cannot measure some network: that one fails, and the run goes on.
import { expect, test } from 'vitest';
import { operators, type Operator } from '../../../../operators/index.ts';
import {
  Evolution,
  selections,
  type EvolutionParts,
  type EvolutionSettings,
  type NetworkObjective,
  type Selection,
} from '../../../../population/index.ts';
import { networkHash } from '../../../../src/network/hash.ts';
import { cnn, mlp, shape } from '../../../helpers/bars.ts';
import { evaluatedAs } from '../../../helpers/evaluated.ts';
import { layers } from '../../../helpers/own-objectives.ts';

function start(settings: EvolutionSettings, parts: EvolutionParts): Evolution {
  const first = [
    { name: 'mlp', network: mlp() },
    { name: 'cnn', network: cnn() },
  ];
  const config = { seed: 5, children: 6, populationSize: 4, generations: 3, ...settings };
  return new Evolution(config, { shape, classes: 2 }, { first, ...parts });
}

const fail = (): never => {
  throw new Error('no luck');
};

const [fewest, most] = [mlp(), cnn()].map(({ nodes }) => nodes.length).sort((a, b) => a - b) as [number, number];
/** Measures networks of so many nodes, and fails the others. */
const upTo = (limit: number, failing: () => number = fail): NetworkObjective => ({
  ...layers,
  measure: ({ nodes }) => (nodes.length <= limit ? nodes.length : failing()),
});

/** The failures of a generation; undefined for what did not fail. */
const tellAll = (evolution: Evolution): (string | undefined)[] =>
  evolution.ask().map((candidate) => {
    const { failure } = candidate;
    const { outcome } = evolution.tell(candidate, failure === undefined ? evaluatedAs(candidate, 0.5) : { failure });
    return 'failure' in outcome ? outcome.failure : undefined;
  });

/** Those of a whole run. */
const failuresOf = (evolution: Evolution): (string | undefined)[] => {
  const failures: (string | undefined)[] = [];
  while (!evolution.finished) failures.push(...tellAll(evolution));
  return failures;
};

test('a network objective that throws fails the children, and the run goes on', () => {
  const evolution = start({ objectives: ['error', 'layers'], rungs: true }, { objectives: [upTo(most)] });
  expect(new Set(failuresOf(evolution))).toEqual(new Set([undefined, 'no luck']));
  expect(evolution.finished).toBe('generations');
  expect(evolution.front().every(({ trained }) => trained.network.nodes.length <= most)).toBe(true);
});

test.each<[string, () => number, string]>([
  ['throws', fail, 'no luck'],
  ['is NaN', () => NaN, 'Expected a number of at least 0, got NaN (at layers)'],
])('one that only bounds, and %s, fails what it cannot measure where that is evaluated', (_, failing, failure) => {
  const settings = { rungs: true, constraints: { layers: { max: 100 } } };
  const evolution = start(settings, { objectives: [upTo(most, failing)] });
  expect(new Set(failuresOf(evolution))).toEqual(new Set([undefined, failure]));
  expect(evolution.finished).toBe('generations');
});

const broken: Operator = { ...operators[0]!, name: 'broken', sites: () => [{}], apply: fail };
/** Draws failed parents, too, as a tournament of two failed ones does. */
const even: Selection = {
  ...selections[0]!,
  name: 'even',
  parents:
    ({ length }) =>
    (rng) =>
      rng.int(length),
};
test.each(['inherited', 'fresh'] as const)('first networks that it fails have children, %s weights', (weights) => {
  const parts = { objectives: [upTo(fewest)], operators: [broken, ...operators.slice(0, 2)], selections: [even] };
  const settings = { weights, objectives: ['error', 'layers'], selection: 'even', stitchShare: 0.3 };
  const evolution = start(settings, parts);
  const failures = failuresOf(evolution);
  expect(failures.slice(0, 2).toSorted()).toEqual(['no luck', undefined]);
  expect(failures.slice(2)).toContain('no luck');
  expect(evolution.finished).toBe('generations');
  expect(evolution.front().length).toBeGreaterThan(0);
});

test.each([
  [3, 1],
  [6, 0],
])('of six children, %d are chosen: %d that fails as its failed parent did fills up', (chosen, filled) => {
  const own: Selection = {
    ...even,
    proposals: 3,
    accept(_, children) {
      expect(children.every((vector) => vector.length === 1 && vector.every(Number.isFinite))).toBe(true);
      return [...children.keys()].slice(0, chosen);
    },
  };
  const settings = { objectives: ['error', 'layers'], selection: 'even', stitchShare: 0 };
  const evolution = start(settings, { objectives: [upTo(fewest)], selections: [own] });
  tellAll(evolution);
  const failed = evolution.population().find(({ outcome }) => 'failure' in outcome)!;
  const asked = evolution.ask();
  expect(asked).toHaveLength(chosen + filled);
  const ofFailed = asked.filter(({ child }) => child === failed.trained);
  expect(ofFailed.map(({ failure }) => failure)).toEqual(filled === 0 ? [] : ['no luck']);
});

test('the cheap objectives of a child with fresh weights are those of these', () => {
  const seen = new Set<string>();
  const watching: NetworkObjective = {
    ...layers,
    measure(network) {
      seen.add(networkHash(network));
      return network.nodes.length;
    },
  };
  const evolution = start({ objectives: ['error', 'layers'], weights: 'fresh' }, { objectives: [watching] });
  tellAll(evolution);
  const asked = evolution.ask();
  expect(asked.every(({ child }) => seen.has(networkHash(child.network)))).toBe(true);
});
