// Own parts that are async where an answer is asked for: refused as any other wrong answer, also when they are rejected.
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { operators, type Operator } from '../../../operators/index.ts';
import { Evolution, selections, type EvolutionParts, type EvolutionSettings } from '../../../population/index.ts';
import { cnn, mlp, shape } from '../../helpers/bars.ts';
import { evaluatedAs } from '../../helpers/evaluated.ts';
import { layers } from '../../helpers/own-objectives.ts';

const rejected = (): never => Promise.reject(new Error('too late')) as never;
const [operator] = operators;
const [selection] = selections;

let unheard: unknown[] = [];
const hear = (reason: unknown): void => void unheard.push(reason);
beforeEach(() => {
  unheard = [];
  process.on('unhandledRejection', hear);
});
afterEach(() => process.off('unhandledRejection', hear));

/** What it threw or made fail, over two generations. */
async function troubleOf(settings: EvolutionSettings, parts: EvolutionParts): Promise<string[]> {
  const first = [mlp(), cnn()].map((network, at) => ({ name: String(at), network }));
  const told: string[] = [];
  try {
    const evolution = new Evolution({ seed: 1, children: 3, ...settings }, { shape, classes: 2 }, { first, ...parts });
    for (let generation = 0; generation < 2 && !evolution.finished; generation++) {
      for (const candidate of evolution.ask()) {
        const { failure } = candidate;
        const answer = failure === undefined ? evaluatedAs(candidate, 0.5) : { failure };
        const { outcome } = evolution.tell(candidate, answer);
        if ('failure' in outcome) told.push(outcome.failure);
      }
    }
  } catch (error) {
    told.push((error as Error).message);
  }
  // Rejections nobody hears are told after the microtasks.
  await setImmediate();
  return told;
}

const own = (part: Partial<Operator>): EvolutionParts => ({ operators: [{ ...operator!, name: 'own', ...part }] });
const only: EvolutionSettings = { operators: ['own'], stitchShare: 0 };

test.each<[string, EvolutionSettings, EvolutionParts, string]>([
  ['sites', only, own({ sites: rejected }), 'a list of sites'],
  ['apply', only, own({ sites: () => [{}], apply: rejected }), 'a child or a refusal'],
  [
    'measure',
    { objectives: ['error', 'layers'] },
    { objectives: [{ ...layers, measure: rejected }] },
    'a number of at least 0',
  ],
  ['shouldStop', {}, { stop: [{ name: 'own', shouldStop: rejected }] }, 'a stopping rule that answers'],
  [
    'survivors',
    { selection: 'own' },
    { selections: [{ ...selection!, name: 'own', survivors: rejected }] },
    'different indices',
  ],
])('an async %s that is rejected', async (_, settings, parts, message) => {
  const told = await troubleOf(settings, parts);
  expect(told.length).toBeGreaterThan(0);
  for (const text of told) expect(text).toContain(message);
  expect(unheard).toEqual([]);
});
