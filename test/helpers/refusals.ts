// What an operator must refuse whatever the network: sites that name nothing, and numbers that are none.
import { expect } from 'vitest';
import type { Operator, RefusalReason, Site } from '../../operators/operator.ts';
import { RandomStream } from '../../src/random/stream.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';

/** Requires a typed reason for each change of a good site; `wrong` are values that none of its numbers can have. */
export function expectRefusals(
  operator: Operator,
  parent: TrainedNetwork,
  site: Site,
  wrong: readonly Site[string][],
): void {
  const reasonAt = (change: Site): RefusalReason | 'none' => {
    const result = operator.apply(parent, { ...site, ...change }, RandomStream.fromSeed(1));
    if ('child' in result) return 'none';
    expect(result.refusal.message).toMatch(/^Expected .+, got .+/);
    return result.refusal.reason;
  };
  expect(reasonAt({ node: 'nowhere' })).toBe('no-such-node');
  expect(reasonAt({ node: 3 })).toBe('no-such-node');
  expect(reasonAt({ node: 'input' })).not.toBe('none');
  for (const [key, value] of Object.entries(site)) {
    if (typeof value === 'string') continue;
    const lists = Array.isArray(value) ? wrongLists(value as readonly number[]) : [];
    for (const bad of [...wrong, ...lists]) expect(reasonAt({ [key]: bad }), `${key}: ${String(bad)}`).toBe('bad-size');
  }
}

/** Too many, too few, one twice, and what is none. */
function wrongLists(channels: readonly number[]): readonly Site[string][] {
  const others = channels.slice(1);
  return [
    [...channels, 0],
    others,
    [...others, ...others.slice(0, 1)],
    ...[-1, 0.5, 1e9].map((bad) => [bad, ...others]),
  ];
}
