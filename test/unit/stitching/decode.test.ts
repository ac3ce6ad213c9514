// Two small parents by hand: what their supernetwork holds, and what its genotypes decode to.
import { describe, expect, test } from 'vitest';
import { costOf } from '../../../src/network/cost.ts';
import type { Network, NetworkNode } from '../../../src/network/network.ts';
import { filled, tensor } from '../../../src/network/tensor.ts';
import { freshTrainingState, type TrainedNetwork } from '../../../src/training/training-state.ts';
import { activeStitches, activeVariables, canonicalGenotype } from '../../../stitching/active-variables.ts';
import { crossings, doubleCrossings, singleCrossings } from '../../../stitching/crossings.ts';
import { decode } from '../../../stitching/decode.ts';
import { genotypeKey, genotypeWith, parentGenotype } from '../../../stitching/genotype.ts';
import { buildSupernetwork } from '../../../stitching/supernetwork.ts';

const input: NetworkNode = { id: 'input', kind: 'input', inputs: [], attributes: { shape: [2] }, params: {} };

function dense(id: string, from: string, [inputs, outputs]: [number, number], value: number): NetworkNode {
  const params = { weight: filled([inputs, outputs], value), bias: filled([outputs], value) };
  return { id, kind: 'dense', inputs: [from], attributes: {}, params };
}

function trained(...nodes: NetworkNode[]): TrainedNetwork {
  const network: Network = { nodes: [input, ...nodes] };
  const moments = nodes.map(({ id, params }) => [
    id,
    { weight: { first: params.weight!, second: params.weight!, age: tensor([1], Float32Array.of(3)) } },
  ]);
  return { network, state: { moments: Object.fromEntries(moments) as TrainedNetwork['state']['moments'] } };
}

/** input -> first (3) -> second (4) -> last (1). */
const a = trained(
  dense('first', 'input', [2, 3], 1),
  dense('second', 'first', [3, 4], 2),
  dense('last', 'second', [4, 1], 3),
);
/** input -> first (5) -> own (6) -> last (1). */
const b = trained(
  dense('first', 'input', [2, 5], 4),
  dense('own', 'first', [5, 6], 5),
  dense('last', 'own', [6, 1], 6),
);
const supernetwork = buildSupernetwork(a, b);

/** "id<input" for every node but the input. */
function wires({ network }: TrainedNetwork): string[] {
  return network.nodes.slice(1).map(({ id, inputs }) => `${id}<${inputs.join('+')}`);
}

test('a supernetwork has both parents, two stitches for each match, and new ids where they clash', () => {
  expect(supernetwork.nodes.map(({ id, inputs }) => `${id}<${inputs.join('+')}`)).toEqual([
    'input<',
    'first<input',
    'first_2<input',
    'stitch1a<first_2',
    'stitch1b<first',
    'second<first',
    'own<first_2',
    'stitch2a<own',
    'stitch2b<second',
    'last<second',
    'last_2<own',
    'average<last+last_2',
  ]);
  expect(supernetwork.stitches.map(({ id, from, to }) => [id, from, to])).toEqual([
    ['stitch1a', { network: 1, node: 'first' }, { network: 0, node: 'first' }],
    ['stitch1b', { network: 0, node: 'first' }, { network: 1, node: 'first' }],
    ['stitch2a', { network: 1, node: 'own' }, { network: 0, node: 'second' }],
    ['stitch2b', { network: 0, node: 'second' }, { network: 1, node: 'own' }],
  ]);
  expect(supernetwork.outputs).toEqual({ a: 'last', b: 'last_2', average: 'average' });
  expect(supernetwork.optimal).toBe(true);
});

describe('decode', () => {
  test('the front of a, a stitch, the back of b', () => {
    const child = decode(supernetwork, genotypeWith(supernetwork, [1], 'b'));
    expect(wires(child)).toEqual(['first<input', 'stitch1b<first', 'own<stitch1b', 'last_2<own']);
    expect(Object.keys(child.state.moments).sort()).toEqual(['first', 'last_2', 'own']);
    expect(child.state.moments.last_2).toBe(b.state.moments.last);
    expect(child.network.nodes.find(({ id }) => id === 'last_2')!.params).toBe(b.network.nodes.at(-1)!.params);
  });

  test('b inside a', () => {
    const genotype = genotypeWith(supernetwork, [1, 2], 'a');
    expect(wires(decode(supernetwork, genotype))).toEqual([
      'first<input',
      'stitch1b<first',
      'own<stitch1b',
      'stitch2a<own',
      'last<stitch2a',
    ]);
    expect(activeVariables(supernetwork, genotype)).toEqual({ switches: [false, true, true, false], output: true });
    expect(activeStitches(supernetwork, genotype)).toEqual(['stitch1b', 'stitch2a']);
  });

  test('stitches read raw tensors: two that swap their sides make no cycle', () => {
    const child = decode(supernetwork, genotypeWith(supernetwork, [0, 1], 'average'));
    expect(wires(child)).toEqual([
      'first<input',
      'first_2<input',
      'stitch1a<first_2',
      'stitch1b<first',
      'second<stitch1a',
      'own<stitch1b',
      'last<second',
      'last_2<own',
      'average<last+last_2',
    ]);
  });

  test('switches without effect are off in the canonical genotype', () => {
    const genotype = genotypeWith(supernetwork, [0, 1, 2, 3], 'a');
    expect(wires(decode(supernetwork, genotype))).toEqual([
      'first<input',
      'stitch1b<first',
      'own<stitch1b',
      'stitch2a<own',
      'last<stitch2a',
    ]);
    expect(genotypeKey(canonicalGenotype(supernetwork, genotype))).toBe('0110|a');
  });

  test('a genotype of another length is refused', () => {
    expect(() => decode(supernetwork, { switches: [true], output: 'a' })).toThrow(
      'Expected a genotype of 4 switches, got 1',
    );
  });
});

test('layers that both parents inherited are computed once, and get no stitch', () => {
  const relative = trained(a.network.nodes[1]!, dense('own', 'first', [3, 6], 5), dense('last', 'own', [6, 1], 6));
  const family = buildSupernetwork(a, relative);
  expect(family.stitches.map(({ to }) => to.node)).toEqual(['second', 'own']);
  expect(wires(decode(family, parentGenotype(family, 'b')))).toEqual(['first_2<input', 'own<first_2', 'last_2<own']);
  expect(wires(decode(family, parentGenotype(family, 'average')))).toEqual([
    'first<input',
    'second<first',
    'own<first',
    'last<second',
    'last_2<own',
    'average<last+last_2',
  ]);
  const twins = buildSupernetwork(a, a);
  expect(twins.stitches).toEqual([]);
  expect(wires(decode(twins, parentGenotype(twins, 'average')))).toEqual(wires(a));
});

test('unfitted stitches of equal size stay apart, but share their tensors', () => {
  const twins = buildSupernetwork(a, a, { stitchEqualNodes: true });
  const ids = wires(decode(twins, genotypeWith(twins, [0, 1], 'average')));
  expect(ids.filter((wire) => wire.startsWith('stitch'))).toEqual(['stitch1a<first', 'stitch1b<first']);
  const [one, other] = twins.nodes.filter(({ id }) => id === 'stitch1a' || id === 'stitch1b');
  expect(one!.params).toBe(other!.params);
});

test('crossings are ranked by what they cost', () => {
  const list = (crossings: ReturnType<typeof singleCrossings>): string[] =>
    crossings.map(({ genotype, cost }) => `${genotypeKey(genotype)} ${cost.macs}`);
  // 2*3 + 3*4 + 4*1 = 22 and 2*5 + 5*6 + 6*1 = 46 are the parents' MACs.
  expect(list(singleCrossings(supernetwork))).toEqual([
    `1000|a ${2 * 5 + 5 * 3 + 3 * 4 + 4}`,
    `0001|b ${2 * 3 + 3 * 4 + 4 * 6 + 6}`,
    `0100|b ${2 * 3 + 3 * 5 + 5 * 6 + 6}`,
    `0010|a ${2 * 5 + 5 * 6 + 6 * 4 + 4}`,
  ]);
  expect(list(doubleCrossings(supernetwork))).toEqual([
    `1001|b ${2 * 5 + 5 * 3 + 3 * 4 + 4 * 6 + 6}`,
    `0110|a ${2 * 3 + 3 * 5 + 5 * 6 + 6 * 4 + 4}`,
  ]);
});

test('a crossing costs layers that are equal in the child once, and those that no longer are apart', () => {
  const add = (id: string, ...inputs: string[]): NetworkNode => ({
    id,
    kind: 'add',
    inputs,
    attributes: {},
    params: {},
  });
  // "left", "right" and "again" are equal; once "first" is replaced, "left" alone reads its equal "twin" as well.
  const twice = (value: number): TrainedNetwork => {
    const nodes = [
      input,
      dense('first', 'input', [2, 3], value),
      dense('twin', 'input', [2, 3], value),
      add('both', 'first', 'twin'),
      add('double', 'first', 'first'),
      dense('left', 'both', [3, 2], value),
      dense('right', 'double', [3, 2], value),
      dense('again', 'double', [3, 2], value),
      add('sum', 'left', 'right', 'again'),
      dense('last', 'sum', [2, 1], value),
    ];
    return { network: { nodes }, state: freshTrainingState };
  };
  const family = buildSupernetwork(twice(1), twice(2));
  const replaced = family.stitches.findIndex(({ to }) => to.network === 0 && to.node === 'first');
  const genotype = genotypeWith(family, [replaced], 'a');
  const found = crossings(family);
  const single = found.find((crossing) => genotypeKey(crossing.genotype) === genotypeKey(genotype))!;
  // The first layer of b, the stitch, and of a: "twin", "left", "right", "last".
  expect(single.cost.macs).toBe(2 * 3 + 3 * 3 + 2 * 3 + 2 * 3 * 2 + 2);
  for (const crossing of found) {
    expect(crossing.cost).toEqual(costOf(decode(family, crossing.genotype).network));
  }
});
