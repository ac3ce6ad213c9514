// The main job at its defaults: what it promises of its front, measured anew from the files that it leaves.
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evolve, openRun, type EvolutionRun } from '../../population/index.ts';
import { dominates } from '../../src/pareto/dominance.ts';
import { loadDataset } from '../../src/data/dataset.ts';
import type { Samples } from '../../src/data/samples.ts';
import { splitDataset } from '../../src/data/split.ts';
import { onnxEngine } from '../../src/engine/onnx/onnx-engine.ts';
import type { Network } from '../../src/network/network.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { newRunFolder } from '../helpers/small-run.ts';

const out = newRunFolder();
let run: EvolutionRun;
beforeAll(async () => {
  run = await evolve({ data: 'digits', seed: 1 }, { out });
}, 170_000);
afterAll(() => {
  rmSync(dirname(out), { recursive: true, force: true });
});

/** Share of samples that a network gets wrong, counted sample by sample. */
async function errorOf(network: Network, { inputs, labels, count, classes }: Samples): Promise<number> {
  const program = await onnxEngine().compile([network]);
  const [logits] = await program.forward({ size: count, data: inputs.slice() });
  await program.dispose();
  const wrong = Array.from(labels).filter((label, i) => {
    const row = Array.from(logits!.subarray(i * classes, (i + 1) * classes));
    return row.indexOf(Math.max(...row)) !== label;
  });
  return wrong.length / count;
}

test('each front member has the errors that its model has on the validation and test parts', async () => {
  const dataset = await loadDataset('digits');
  const shares = run.record.start.config.split;
  const splits = splitDataset(dataset, shares, RandomStream.fromSeed(1).fork('split'));
  const opened = await openRun(out);
  for (const { id, validation, test: tested } of opened.front) {
    const { network } = await opened.model(id);
    expect(await errorOf(network, splits.validation), id).toBeCloseTo(validation.error, 10);
    expect(await errorOf(network, splits.test), id).toBeCloseTo(tested!.error, 10);
  }
});

test('the best is right on 96 % of the test part, and a child dominates a first network on both parts', () => {
  expect(Math.min(...run.front.map(({ test: tested }) => tested!.error))).toBeLessThanOrEqual(0.04);
  const children = run.front.filter(({ parents }) => parents.length > 0);
  const firsts = run.record.individuals.filter(({ provenance }) => provenance.how === 'first');
  const pairs = children.flatMap((child) => firsts.map((first) => ({ child, first })));
  const beaten = pairs.filter(({ child, first }) => {
    const tested = run.record.tests.get(first.id)!;
    return (
      dominates([child.validation.error, child.objectives.macs], [first.validation!.error, first.macs]) &&
      dominates([child.test!.error, child.objectives.macs], [tested.error, first.macs])
    );
  });
  expect(beaten.length).toBeGreaterThan(0);
});

test('no member of the front was chosen by what it does on the test part', () => {
  // The front is that of validation error and MACs, over everybody.
  const all = run.record.individuals.flatMap(({ id, validation, macs }) =>
    validation ? [{ id, vector: [validation.error, macs] }] : [],
  );
  const undominated = all.filter(({ vector }) => !all.some((other) => dominates(other.vector, vector)));
  const vectors = (members: readonly { readonly vector: readonly number[] }[]): string[] =>
    [...new Set(members.map(({ vector }) => vector.join()))].toSorted();
  expect(vectors(run.front.map(({ objectives }) => ({ vector: [objectives.error, objectives.macs] })))).toEqual(
    vectors(undominated),
  );
});
