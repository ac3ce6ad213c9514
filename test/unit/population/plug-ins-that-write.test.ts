// Own objectives, selections and stopping rules that write into what they are given: it stays as it was, and is told.
import { expect, test } from 'vitest';
import {
  Evolution,
  parseConfig,
  selections,
  type Candidate,
  type EvolutionParts,
  type EvolutionSettings,
  type Measured,
  type NetworkObjective,
  type Objective,
  type Progress,
  type Selection,
} from '../../../population/index.ts';
import { RunObjectives } from '../../../population/objectives/run-objectives.ts';
import { individualEvent } from '../../../population/run/decided-events.ts';
import { checked } from '../../../population/selection/checked.ts';
import type { Scored } from '../../../population/selection/selection.ts';
import { networkHash } from '../../../src/network/hash.ts';
import type { Network, NetworkNode } from '../../../src/network/network.ts';
import { layersOf } from '../../../src/network/shapes.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';
import { cnn, mlp, shape } from '../../helpers/bars.ts';
import { evaluatedAs } from '../../helpers/evaluated.ts';
import { layers } from '../../helpers/own-objectives.ts';

const measuredAnew = (): Measured => ({
  network: mlp(),
  validation: { error: 0.25, loss: 0.7, samples: 40 },
  confusion: [
    [12, 8],
    [2, 18],
  ],
  latency: null,
});
const dense = ({ nodes }: Network): NetworkNode => nodes.findLast(({ kind }) => kind === 'dense')!;
const writeWeight = (network: Network): unknown => dense(network).params.weight!.data.fill(0);
const weightAt = `network.nodes.${dense(mlp()).id}.params.weight.data`;
const message = (place: string): string =>
  `Expected an individual that is left as it was, got a write into ${place} (at layers)`;

const ofEvaluation = (write: (measured: Measured) => unknown): Objective => ({
  ...layers,
  of: 'evaluation',
  measure(measured) {
    write(measured);
    return 1;
  },
});
const ofNetwork = (write: (network: Network) => unknown): NetworkObjective => ({
  ...layers,
  measure(network: Network) {
    write(network);
    return 1;
  },
});

test.each<[string, Objective, string]>([
  ['the error', ofEvaluation(({ validation }) => Reflect.set(validation, 'error', 0)), 'validation.error'],
  ['the confusion', ofEvaluation(({ confusion }) => Reflect.set(confusion[0]!, 0, 99)), 'confusion.0.0'],
  ['what it is given', ofEvaluation((measured) => Reflect.set(measured, 'latency', 1)), 'latency'],
  ['weights that it evaluates', ofEvaluation(({ network }) => writeWeight(network)), weightAt],
  ['weights', ofNetwork(writeWeight), weightAt],
  ['a kind', ofNetwork(({ nodes }) => Reflect.set(nodes[0]!, 'kind', 'x')), `network.nodes.${mlp().nodes[0]!.id}.kind`],
  ['a list of nodes', ofNetwork(({ nodes }) => ((nodes as NetworkNode[]).length = 0)), 'network.nodes.0'],
])('an objective that writes into %s fails its individual', (_, own, place) => {
  const run = new RunObjectives(parseConfig({ objectives: ['layers', 'error', 'macs'] }), [own]);
  const measured = measuredAnew();
  expect(() => run.measure(measured)).toThrow(message(place));
  expect(measured).toEqual(measuredAnew());
  if (own.of === 'evaluation') return;
  expect(() => run.cheap(measured.network)).toThrow(message(place));
  expect(run.errorToBeat(measured.network, [[1, 0, 1]])).toBeNull();
  expect(measured).toEqual(measuredAnew());
});

test('hashes and shapes that an objective asks for in the midst of a write are of what stays', () => {
  const network = mlp();
  const own = ofNetwork((given) => {
    writeWeight(given);
    (given.nodes as NetworkNode[]).pop();
    networkHash(given);
    layersOf(given);
  });
  expect(() => new RunObjectives(parseConfig({ objectives: ['layers'] }), [own]).cheap(network)).toThrow(
    'a write into',
  );
  expect(networkHash(network)).toBe(networkHash(mlp()));
  expect([...layersOf(network).keys()]).toEqual(mlp().nodes.map(({ id }) => id));
});

test('an objective that writes and throws then: its own words, and the network as it was', () => {
  const network = mlp();
  const own = ofNetwork((given) => {
    writeWeight(given);
    throw new Error('no luck');
  });
  expect(() => new RunObjectives(parseConfig({ objectives: ['layers'] }), [own]).cheap(network)).toThrow(/^no luck$/);
  expect(network).toEqual(mlp());
});

test('one that writes what cannot be undone fails its individual, too', () => {
  const own = ofNetwork(({ nodes }) => {
    Reflect.set(nodes[1]!, 'kind', 'x');
    Object.freeze(nodes[1]);
  });
  expect(() => new RunObjectives(parseConfig({ objectives: ['layers'] }), [own]).cheap(mlp())).toThrow(
    /^Expected an individual that is left as it was, got Cannot assign to read only property .* \(at layers\)$/,
  );
});

const first = [
  { name: 'mlp', network: mlp() },
  { name: 'cnn', network: cnn() },
];

function started(settings: EvolutionSettings, parts: EvolutionParts): Evolution {
  const config = { seed: 5, children: 6, populationSize: 4, generations: 3, ...settings };
  return new Evolution(config, { shape, classes: 2 }, { first, ...parts });
}

/** All lines of the journal, evaluations apart, and how the run ended. */
function linesOf(settings: EvolutionSettings, parts: EvolutionParts): unknown[] {
  const evolution = started(settings, parts);
  const lines: unknown[] = [];
  while (!evolution.finished) for (const candidate of evolution.ask()) lines.push(told(evolution, candidate));
  return [...lines, evolution.finished, evolution.population().map(({ id }) => id)];
}

function told(evolution: Evolution, candidate: Candidate): unknown {
  const { child, failure } = candidate;
  const success = evaluatedAs(
    { child: { ...child, state: freshTrainingState } },
    0.5 * 0.9 ** evolution.evaluations,
    9,
  );
  const individual = evolution.tell(candidate, failure === undefined ? success : { failure });
  const { generation, evaluations: evaluation } = evolution;
  return individualEvent(individual, candidate, { evaluation, generation }, networkHash(individual.trained.network));
}

test('the run goes on, and its journal is that of a run in which the objective throws instead', () => {
  const most = mlp().nodes.length;
  const settings = { objectives: ['error', 'layers'], rungs: true };
  const linesWith = (fail: (network: Network) => unknown): unknown[] =>
    linesOf(settings, { objectives: [ofNetwork((network) => network.nodes.length > most && fail(network))] });
  const lines = linesWith(writeWeight);
  const throwing = linesWith((network) => {
    throw new Error(message(`network.nodes.${dense(network).id}.params.weight.data`));
  });
  expect(lines).toEqual(throwing);
  expect(lines.some((line) => (line as { failure?: unknown }).failure?.toString().includes('a write into'))).toBe(true);
  expect(lines.at(-2)).toBe('generations');
});

test.each(selections)('a selection like $name that writes into all it gets selects as that one does', (usual) => {
  const spoil = (all: readonly (Scored | readonly number[])[]): void => {
    for (const one of all) {
      if ('cheap' in one) {
        (one.objectives as number[]).fill(-5);
        (one.cheap as number[]).length = 0;
        Object.assign(one, { violation: 7, outcome: { failure: 'none' } });
      } else (one as number[]).fill(-5);
    }
    (all as unknown[]).length = 0;
  };
  const own: Selection = {
    ...usual,
    name: 'own',
    parents(population) {
      const draw = usual.parents(population);
      spoil(population);
      return draw;
    },
    accept(population, children, count, rng) {
      const accepted = usual.accept(population, children, count, rng);
      spoil(population);
      spoil(children);
      return accepted;
    },
    survivors(pool, count) {
      const kept = usual.survivors(pool, count);
      spoil(pool);
      return kept;
    },
  };
  expect(linesOf({ selection: 'own' }, { selections: [own] })).toEqual(linesOf({ selection: usual.name }, {}));
});

test('a selection of the caller gets copies of what children are chosen by', () => {
  const accept: Selection['accept'] = (_, children) => {
    (children[0] as number[])[0] = 9;
    (children as unknown[]).length = 1;
    return [1];
  };
  const children = [[1], [2]];
  const own = checked({ ...selections[0]!, name: 'own', accept });
  expect(own.accept([], children, 2, RandomStream.fromSeed(1))).toEqual([1]);
  expect(children).toEqual([[1], [2]]);
});

test('a selection of the caller sees what its contract names, and no more', () => {
  const usual = selections[0]!;
  const seen = new Set<string>();
  const survivors: Selection['survivors'] = (pool, count) => {
    for (const one of pool) Object.keys(one).forEach((key) => seen.add(key));
    return usual.survivors(pool, count);
  };
  linesOf({ selection: 'own' }, { selections: [{ ...usual, survivors, name: 'own' }] });
  expect([...seen].sort()).toEqual(['cheap', 'objectives', 'violation']);
});

/** The first population told, and what there is to see of it. */
function toldWith(stop: NonNullable<EvolutionParts['stop']>): { evolution: Evolution; seen: () => unknown } {
  const evolution = started({}, { stop });
  for (const candidate of evolution.ask()) told(evolution, candidate);
  return { evolution, seen: () => structuredClone([evolution.front(), evolution.hypervolume()]) };
}

test.each<[string, (progress: Progress) => unknown, string]>([
  ['objectives', ({ front }) => Reflect.set(front[0]!.objectives, 0, -5), 'front.ID.objectives.0'],
  ['values', ({ front }) => Reflect.set(front[0]!.outcome, 'values', { error: -1 }), 'front.ID.outcome.values'],
  ['weights', ({ front }) => writeWeight(front[0]!.trained.network), 'front.ID.trained.network.nodes.DENSE.params'],
  ['hypervolumes', ({ hypervolumes }) => ((hypervolumes as number[]).length = 0), 'hypervolumes.0'],
  ['what was spent', ({ spent }) => Reflect.set(spent, 'samples', 1e12), 'spent.samples'],
])('a stopping rule that writes into %s is named', (_, write, place) => {
  const shouldStop = (progress: Progress): boolean => {
    write(progress);
    return true;
  };
  const { evolution, seen } = toldWith([{ name: 'mine', shouldStop }]);
  const before = seen();
  const [best] = evolution.front();
  const path = place.replace('ID', best!.id).replace('DENSE', dense(best!.trained.network).id);
  expect(() => evolution.finished).toThrow(
    expect.objectContaining({
      code: 'bad-argument',
      message: expect.stringMatching(
        `^Expected progress that is left as it was, got a write into ${path}.*\\(at mine\\)$`,
      ) as string,
    }),
  );
  expect(seen()).toEqual(before);
});

test('one that writes and throws then is told in its own words, and the front is as it was', () => {
  const shouldStop = ({ front }: Progress): never => {
    Reflect.set(front[0]!.objectives, 0, -5);
    throw new Error('no luck');
  };
  const { evolution, seen } = toldWith([{ name: 'mine', shouldStop }]);
  const before = seen();
  expect(() => evolution.finished).toThrow('Expected a stopping rule that answers, got no luck (at mine)');
  expect(seen()).toEqual(before);
});
