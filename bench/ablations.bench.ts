// What each part of an evolution is good for: runs without it, and runs that only train on, at as many evaluations.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evolve, type EvolutionSettings, type EvolveOptions } from '../population/index.ts';
import type { Operator } from '../operators/index.ts';

/** Changes nothing: what becomes of the child is what training alone makes of the parent. */
const trainOn: Operator = {
  name: 'train-on',
  preserves: 'bit',
  cost: 'same',
  summary: 'passes the parent on as it is',
  source: 'control',
  sites: () => [{}],
  apply: (parent) => ({ child: parent }),
};

const arms: Record<string, { settings: EvolutionSettings; options: Omit<EvolveOptions, 'out'> }> = {
  evolved: { settings: {}, options: {} },
  uniform_operators: { settings: { operatorChoice: 'uniform' }, options: {} },
  fresh_weights: { settings: { weights: 'fresh' }, options: {} },
  lemonade: { settings: { selection: 'lemonade' }, options: {} },
  mutated_only: { settings: { stitchShare: 0 }, options: {} },
  trained_on: { settings: { stitchShare: 0 }, options: { operators: [trainOn] } },
};

/** Hypervolumes on the validation part (what is selected on) and on the test part, by seed. */
export async function measure(): Promise<object> {
  const seeds = (process.env.SEEDS ?? '1,2,3,4,5').split(',').map(Number);
  const results: Record<string, object[]> = {};
  const folder = mkdtempSync(join(tmpdir(), 'neurostitch-bench-'));
  for (const seed of seeds) {
    for (const [arm, { settings, options }] of Object.entries(arms)) {
      const out = join(folder, `${arm}-${seed}`);
      const { record, front } = await evolve({ data: 'digits', seed, ...settings }, { out, ...options });
      const samples = record.individuals.reduce((sum, { spent }) => sum + spent.samples, 0);
      (results[arm] ??= []).push({
        seed,
        evaluations: record.individuals.length,
        samples,
        hypervolume: record.generations.at(-1)!.hypervolume,
        best_test_error: Math.min(...front.map(({ test }) => test!.error)),
      });
    }
  }
  rmSync(folder, { recursive: true });
  return { seeds, arms: results };
}
