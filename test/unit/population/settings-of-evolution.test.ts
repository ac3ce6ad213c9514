// What settings and parts do to an evolution: limits, constraints, controls, fresh weights, selections, rules, rungs.
import { describe, expect, test } from 'vitest';
import { operators } from '../../../operators/index.ts';
import {
  Evolution,
  objectives,
  parseConfig,
  selections,
  type Candidate,
  type EvolutionParts,
  type EvolutionSettings,
  type Individual,
  type Measured,
  type Objective,
  type Progress,
  type Selection,
} from '../../../population/index.ts';
import { trainingMacs } from '../../../population/evaluation/training-macs.ts';
import { costOf } from '../../../src/network/cost.ts';
import { networkHash } from '../../../src/network/hash.ts';
import { cnn, mlp, shape } from '../../helpers/bars.ts';
import { evaluatedAs } from '../../helpers/evaluated.ts';
import { layers } from '../../helpers/own-objectives.ts';

const problem = { shape, classes: 2 };
const first = [
  { name: 'mlp', network: mlp() },
  { name: 'cnn', network: cnn() },
];
const [cheap, dear] = [mlp(), cnn()].map((network) => costOf(network).macs).sort((a, b) => a - b) as [number, number];

function start(settings: EvolutionSettings = {}, parts: EvolutionParts = {}): Evolution {
  const config = parseConfig({ seed: 5, children: 6, populationSize: 4, generations: 3, ...settings });
  return new Evolution(config, problem, { first, ...parts });
}

/** Every evaluation gives half the error of the one before, from 100 samples each. */
function tellAll(evolution: Evolution, error = (turn: number): number => 0.5 ** turn): readonly Candidate[] {
  const asked = evolution.ask();
  for (const candidate of asked) {
    evolution.tell(candidate, evaluatedAs(candidate, error(evolution.evaluations + 1), 100));
  }
  return asked;
}

function runToEnd(evolution: Evolution, error?: (turn: number) => number): void {
  while (!evolution.finished) tellAll(evolution, error);
}

describe('limits', () => {
  test.each<[EvolutionSettings, string, number]>([
    [{}, 'generations', 3],
    [{ maxEvaluations: 8 }, 'maxEvaluations', 1],
    // Two first networks and six children a generation, 100 samples and 330 multiply-accumulates each.
    [{ maxSamples: 800 }, 'maxSamples', 1],
    [{ maxSamples: 801 }, 'maxSamples', 2],
    [{ maxMacs: 2 * 330 }, 'maxMacs', 0],
    [{ maxMacs: 2 * 330 + 1 }, 'maxMacs', 1],
  ])('%j ends a run by %s after generation %d', (settings, reason, generation) => {
    const evolution = start(settings);
    runToEnd(evolution);
    expect([evolution.finished, evolution.generation]).toEqual([reason, generation]);
  });

  test('patience ends it after so many generations without a gain', () => {
    const evolution = start({ patience: 2, generations: 20 });
    runToEnd(evolution, (turn) => (turn <= 8 ? 0.5 ** turn : 1));
    expect([evolution.finished, evolution.generation]).toEqual(['patience', 3]);
    const improving = start({ patience: 1, generations: 4 });
    runToEnd(improving);
    expect(improving.finished).toBe('generations');
  });

  test('a rule of the caller is asked once a generation, with what there is to know', () => {
    const seen: Progress[] = [];
    const rule = {
      name: 'enough',
      shouldStop(progress: Progress): boolean {
        seen.push(progress);
        return progress.spent.samples > 200;
      },
    };
    const evolution = start({}, { stop: [rule] });
    runToEnd(evolution);
    expect(evolution.finished).toBe('stopped');
    expect(seen.map(({ generation, evaluations }) => [generation, evaluations])).toEqual([
      [0, 2],
      [1, 8],
    ]);
    expect(seen[1]!.hypervolumes).toHaveLength(2);
    expect(seen[1]!.hypervolumes[1]).toBe(evolution.hypervolume());
    expect(seen[1]!.front).toEqual(evolution.front());
  });
});

describe('constraints', () => {
  test('what breaks one is no part of the front, but stays while nothing better is there', () => {
    const evolution = start({ constraints: { macs: { max: dear - 1 } } });
    tellAll(evolution, (turn) => 0.5 ** turn);
    expect(evolution.front().map(({ cost }) => cost.macs)).toEqual([cheap]);
    expect(evolution.population()).toHaveLength(2);
    const violations = evolution.population().map(({ violation }) => violation);
    expect(violations.toSorted((a, b) => a - b)).toEqual([0, expect.closeTo(1 / (dear - 1), 12)]);
  });

  test('with none that keeps them the front is empty, and the run goes on', () => {
    const evolution = start({ constraints: { macs: { max: 1 } } });
    tellAll(evolution);
    expect(evolution.front()).toEqual([]);
    expect(evolution.hypervolume()).toBe(0);
    expect(evolution.finished).toBeUndefined();
    expect(evolution.ask()).not.toEqual([]);
  });
});

describe('objectives', () => {
  const accuracy: Objective = {
    name: 'accuracy',
    title: 'accuracy',
    goal: 'maximise',
    ideal: 1,
    of: 'evaluation',
    measure: ({ validation }) => 1 - validation.error,
  };

  test('one to maximise selects as the error does', () => {
    const parts = { objectives: [accuracy] };
    const [one, other] = [start({}), start({ objectives: ['accuracy', 'macs'] }, parts)];
    // Halves only, so that 1 - (1 - error) is the error again.
    runToEnd(one);
    runToEnd(other);
    expect(other.front().map(({ id }) => id)).toEqual(one.front().map(({ id }) => id));
    expect(other.reference).toEqual({ accuracy: 0, macs: one.reference!.macs });
  });

  test('one that throws makes its individual a failure, and the run goes on', () => {
    const moody: Objective = {
      ...accuracy,
      measure({ validation: { error } }: Measured) {
        if (error < 0.3) throw new Error('too good to be true');
        return 1 - error;
      },
    };
    const evolution = start({ objectives: ['accuracy', 'macs'] }, { objectives: [moody] });
    tellAll(evolution);
    expect(evolution.population().map(({ outcome }) => outcome)).toEqual([
      expect.objectContaining({ values: expect.objectContaining({ accuracy: 0.5 }) as object }),
      { failure: 'too good to be true' },
    ]);
    expect(evolution.front()).toHaveLength(1);
    expect(evolution.finished).toBeUndefined();
  });

  test('any number of them: one, and all', () => {
    for (const names of [['error'], objectives.map(({ name }) => name)]) {
      const evolution = start({ objectives: names });
      for (let generation = 0; generation < 2; generation++) {
        for (const candidate of evolution.ask()) {
          evolution.tell(candidate, { ...evaluatedAs(candidate, 0.5 ** (evolution.evaluations + 1)), latency: 2 });
        }
      }
      expect(evolution.hypervolume()).toBeGreaterThan(0);
      expect(evolution.hypervolume()).toBeLessThan(1);
      expect(Object.keys(evolution.reference!)).toEqual(names);
    }
  });

  test('latency is measured where it is asked for', () => {
    expect(
      start()
        .ask()
        .every(({ latency }) => !latency),
    ).toBe(true);
    expect(
      start({ constraints: { latency: { max: 5 } } })
        .ask()
        .every(({ latency }) => latency),
    ).toBe(true);
  });
});

describe('controls', () => {
  test('are the parents of mutations as they were, trained as long, once each', () => {
    const evolution = start({ control: true, stitchShare: 0.3 });
    tellAll(evolution);
    const parents = new Map(evolution.population().map((parent) => [parent.id, parent]));
    const asked = evolution.ask();
    const controls = asked.filter(({ provenance }) => provenance.how === 'control');
    const mutated = asked.filter(({ provenance }) => provenance.how === 'mutation');
    expect(mutated.length).toBeGreaterThan(0);
    expect(new Set(controls.map(({ provenance }) => provenance.parents[0]))).toEqual(
      new Set(mutated.map(({ provenance }) => provenance.parents[0])),
    );
    expect(new Set(controls.flatMap(({ provenance }) => provenance.parents)).size).toBe(controls.length);
    for (const { child, budget, provenance } of controls) {
      expect(child).toBe(parents.get(provenance.parents[0]!)!.trained);
      expect(budget).toEqual(mutated[0]!.budget);
    }
  });

  test('never enter front, population or the children of others, however good', () => {
    const evolution = start({ control: true, stitchShare: 0 });
    tellAll(evolution);
    for (const candidate of evolution.ask()) {
      evolution.tell(candidate, evaluatedAs(candidate, candidate.provenance.how === 'control' ? 0 : 0.5));
    }
    const all = [...evolution.front(), ...evolution.population()];
    expect(all.some(({ provenance }) => provenance.how === 'control')).toBe(false);
    const { ask } = { ask: evolution.ask() };
    const alive = new Set(evolution.population().map(({ id }) => id));
    expect(ask.every(({ provenance }) => provenance.parents.every((id) => alive.has(id)))).toBe(true);
  });

  test('count as evaluations, and none are made without being asked for', () => {
    const evolution = start({ control: true, stitchShare: 0, maxEvaluations: 9 });
    tellAll(evolution);
    const ways = tellAll(evolution).map(({ provenance }) => provenance.how);
    expect(ways.toSorted()).toEqual(['control', ...Array<string>(6).fill('mutation')]);
    expect(evolution.finished).toBe('maxEvaluations');
  });
});

test('fresh weights: the same architectures, nothing inherited, all to be trained', () => {
  const settings = { stitchShare: 0.5, operatorChoice: 'uniform' } as const;
  const [inherited, fresh] = [start(settings), start({ ...settings, weights: 'fresh' })];
  tellAll(inherited);
  tellAll(fresh);
  const [grown, drawn] = [inherited.ask(), fresh.ask()];
  const architecture = ({ child }: Candidate): unknown =>
    child.network.nodes.map(({ id, kind, inputs, attributes }) => ({ id, kind, inputs, attributes }));
  expect(drawn.map(architecture)).toEqual(grown.map(architecture));
  for (const [at, { child, trainable, stitching, inherited: compute }] of drawn.entries()) {
    expect(networkHash(child.network)).not.toBe(networkHash(grown[at]!.child.network));
    expect(child.state.moments).toEqual({});
    expect([trainable, stitching]).toEqual([null, null]);
    expect(compute.samples).toBe(0);
  }
});

describe('selections', () => {
  test('lemonade makes five children for each that it evaluates, and keeps the front alone', () => {
    const evolution = start({ selection: 'lemonade', generations: 2 });
    tellAll(evolution);
    expect(tellAll(evolution)).toHaveLength(6);
    const front = new Set(evolution.front().map(({ id }) => id));
    expect(evolution.population().every(({ id }) => front.has(id))).toBe(true);
  });

  test('one of the caller is used under its name', () => {
    const oldest = {
      ...selections[0]!,
      name: 'oldest',
      survivors: (pool: readonly unknown[]): number[] => (pool.length > 0 ? [0] : []),
    };
    const evolution = start({ selection: 'oldest' }, { selections: [oldest] });
    const [eldest] = tellAll(evolution);
    tellAll(evolution);
    expect(evolution.population().map(({ id }) => id)).toEqual([eldest!.id]);
    expect(() => start({ selection: 'oldest' })).toThrow('Expected a selection (nsga2, lemonade), got "oldest"');
  });
});

describe('rungs', () => {
  test('children are told the error to beat at their cost; first networks and controls none', () => {
    const evolution = start({ rungs: true, control: true });
    const firsts = tellAll(evolution);
    expect(firsts.map(({ rungs }) => rungs)).toEqual(firsts.map(() => ({ toBeat: null, difficulty: null })));
    const front = evolution.front();
    let controls = 0;
    for (const { child, rungs, provenance } of evolution.ask()) {
      const rivals = front.filter(({ cost }) => cost.macs <= costOf(child.network).macs);
      const best = Math.min(...rivals.map(({ objectives: [error] }) => error!));
      if (provenance.how === 'control') controls += 1;
      const isTold = provenance.how !== 'control' && rivals.length > 0;
      expect(rungs!.toBeat?.above).toBe(isTold ? best : undefined);
    }
    expect(controls).toBeGreaterThan(0);
    const without = start();
    tellAll(without);
    expect(without.ask().every(({ rungs }) => rungs === null)).toBe(true);
  });

  test('children of a generation are told which samples networks got wrong before it', () => {
    const evolution = start({ rungs: true });
    const tellWith = (mistakes: readonly (readonly number[])[]): void => {
      evolution.ask().forEach((candidate, at) => {
        evolution.tell(candidate, { ...evaluatedAs(candidate, 0.5), mistakes: mistakes[at % mistakes.length]! });
      });
    };
    tellWith([[3, 7], [3]]);
    const [{ rungs }] = evolution.ask() as [Candidate, ...Candidate[]];
    const expected = new Float32Array(30);
    [expected[3], expected[7]] = [1, 0.5];
    expect(rungs!.difficulty!.data).toEqual(expected);
  });
});

test('candidates with the longest training come first', () => {
  const evolution = start({ children: 12 });
  const work = ({ child, trainable, budget }: Candidate): number =>
    budget.epochs * trainingMacs(child.network, trainable ? new Set(trainable) : undefined);
  for (let generation = 0; generation < 3; generation++) {
    const asked = tellAll(evolution).map(work);
    expect(asked).toEqual(asked.toSorted((a, b) => b - a));
    expect(new Set(asked).size).toBeGreaterThan(1);
  }
});

test('what ancestors took counts once, also where they are those of both parents', () => {
  const evolution = start({ stitchShare: 0.7, generations: 6, populationSize: 6 });
  const told = new Map<string, Individual>();
  while (!evolution.finished) {
    for (const candidate of evolution.ask()) {
      const individual = evolution.tell(candidate, evaluatedAs(candidate, 0.5 ** told.size, 1 + told.size));
      told.set(individual.id, individual);
    }
  }
  let shared = 0;
  for (const { inherited, provenance } of told.values()) {
    const ancestors = new Set<string>(provenance.parents);
    for (const id of ancestors) for (const parent of told.get(id)!.provenance.parents) ancestors.add(parent);
    const samples = [...ancestors].reduce((sum, id) => sum + told.get(id)!.spent.samples, 0);
    expect(inherited.samples).toBe(samples);
    const twice = provenance.parents.reduce(
      (sum, id) => sum + told.get(id)!.spent.samples + told.get(id)!.inherited.samples,
      0,
    );
    if (twice > samples) shared += 1;
  }
  expect(shared).toBeGreaterThan(0);
});

test('operators that settings name are found among those of the caller, too', () => {
  const own = { ...operators[0]!, name: 'own' };
  const evolution = start({ operators: ['own', 'widen-pair'], stitchShare: 0, children: 12 }, { operators: [own] });
  tellAll(evolution);
  const names = evolution.ask().map(({ provenance }) => (provenance.how === 'mutation' ? provenance.operator : ''));
  expect(new Set(names)).toEqual(new Set(['own', 'widen-pair']));
  expect(() => start({ operators: ['other'] }, { operators: [own] })).toThrow('got "other"');
});

describe('parts that misbehave', () => {
  const fail = (): never => {
    throw new Error('no luck');
  };

  test('what a failed child took counts towards the limits', () => {
    const evolution = start(
      { objectives: ['error', 'layers'], maxSamples: 800 },
      {
        objectives: [{ ...layers, of: 'evaluation', measure: ({ validation: { error } }) => (error < 0.2 ? NaN : 1) }],
      },
    );
    runToEnd(evolution);
    expect([evolution.finished, evolution.generation]).toEqual(['maxSamples', 1]);
  });

  test.each<[string, Partial<Selection>, string]>([
    ['survivors that are none', { survivors: () => [99] }, 'different indices below 2, got [99] (at own.survivors)'],
    ['no survivors', { survivors: () => [] }, 'at least one survivor, got [] (at own.survivors)'],
    ['too many', { survivors: (pool) => [...pool.keys(), 0] }, 'up to 4 different indices below 2, got [0,1,0]'],
    ['no list', { survivors: () => 1 as never }, 'different indices below 2, got 1'],
    ['a parent that is none', { parents: () => () => -1 }, 'an index below 2, got -1 (at own.parents)'],
    ['parents that throw', { parents: fail }, 'a selection that answers, got no luck (at own.parents)'],
    ['all children', { accept: (_, children) => [...children.keys()], proposals: 3 }, 'up to 6 different indices'],
  ])('a selection that answers %s is named', (_, answers, message) => {
    const own = { ...selections[0]!, ...answers, name: 'own' };
    const evolution = start({ selection: 'own' }, { selections: [own] });
    expect(() => {
      tellAll(evolution);
      evolution.ask();
    }).toThrow(message);
  });

  test.each<[string, () => unknown, string]>([
    ['throws', fail, 'Expected a stopping rule that answers, got no luck (at mine)'],
    ['promises', () => Promise.resolve(false), 'Expected true or false, got {}'],
  ])('a stopping rule that %s is named, and what was told is told', (_, shouldStop, message) => {
    const evolution = start({}, { stop: [{ name: 'mine', shouldStop: shouldStop as () => boolean }] });
    tellAll(evolution);
    expect(evolution.population()).toHaveLength(2);
    expect(() => evolution.finished).toThrow(message);
  });
});

describe('parts that are none are refused', () => {
  const accuracy = { name: 'a', title: 'a', goal: 'maximise', ideal: 1, of: 'network', measure: () => 1 };
  test.each<[EvolutionParts | object, string]>([
    [{ objectives: [] }, 'Expected a list of at least one, or nothing for the default, got [] (at objectives)'],
    [{ objectives: [{ ...accuracy, name: 'macs' }] }, 'a name that no built-in one has, got "macs" (at objectives.0)'],
    [{ objectives: [accuracy, accuracy] }, 'an objective with a name of its own, got "a" (at objectives.1)'],
    [{ objectives: [{ ...accuracy, goal: 'more' }] }, '"minimise" or "maximise", got "more" (at objectives.0.goal)'],
    [{ objectives: [{ ...accuracy, of: 'data' }] }, '"network" or "evaluation", got "data" (at objectives.0.of)'],
    [{ objectives: [{ ...accuracy, ideal: NaN }] }, 'a finite ideal, got NaN (at objectives.0.ideal)'],
    [{ objectives: [{ ...accuracy, reference: 2 }] }, 'a finite reference worse than the ideal, got 2'],
    [{ objectives: [{ ...accuracy, measure: 3 }] }, 'an objective with a function measure, got "a" (at objectives.0)'],
    [{ selections: [{ name: 's' }] }, 'a selection with functions parents, accept, survivors, got "s"'],
    [{ selections: [{ ...selections[0]!, name: 's', proposals: 0 }] }, 'got 0 (at selections.0.proposals)'],
    [{ stop: [{ name: 'now' }] }, 'a stopping rule with a function shouldStop, got "now" (at stop.0)'],
    [{ stop: [null] }, 'a stopping rule with a name, got nothing (at stop.0)'],
    [{ stitchTypes: [{}] }, 'Expected a stitch type with a name, got nothing (at stitchTypes.0)'],
    [{ operators: 'all' }, 'Expected a list of at least one, or nothing for the default, got "all" (at operators)'],
  ])('%j', (parts, message) => {
    expect(() => start({}, parts)).toThrow(message);
  });
});
