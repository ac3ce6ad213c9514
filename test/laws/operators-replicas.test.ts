// Operators that copy channels: copies share what the old channel learned, and part ways.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelGroups } from '../../operators/channels/channel-groups.ts';
import { net2Wider } from '../../operators/net2wider.ts';
import { splitNeurons } from '../../operators/split-neurons.ts';
import type { Operator } from '../../operators/operator.ts';
import { tensor } from '../../src/network/tensor.ts';
import { expectClose } from '../helpers/compare.ts';
import { applied, scenarios, type Application } from '../helpers/growth.ts';
import { forwardValues, lossGradients } from '../helpers/passes.ts';
import { exactSplitting } from '../helpers/operator-laws.ts';
import { expectShared, replicationOf } from '../helpers/replicas.ts';

/** Exact copies only: with an epsilon gradients are shared to some percent. */
const replicating: readonly [string, Operator][] = [
  [net2Wider.name, net2Wider],
  [`${splitNeurons.name} by 0`, exactSplitting],
];

function law(operator: Operator, numRuns: number, holds: (application: Application) => void): void {
  const property = fc.property(scenarios(7), (scenario) => {
    holds(applied(operator, scenario));
  });
  fc.assert(property, { numRuns });
}

describe.each(replicating)('%s', (_, operator) => {
  test('gradients of copies add up to the old one where channels are made, and are the old one where they are read', () => {
    law(operator, 60, (application) => {
      const replication = replicationOf(application);
      const { parent, child } = application;
      const [before, after] = [parent, child].map(({ network }) => lossGradients(network, 3, 1).byParam);
      for (const node of child.network.nodes) {
        const old = parent.network.nodes.find(({ id }) => id === node.id)!;
        for (const [name, gradient] of Object.entries(after!.get(node.id) ?? {})) {
          const got = { shape: node.params[name]!.shape, data: gradient };
          const wanted = { shape: old.params[name]!.shape, data: before!.get(node.id)![name]! };
          expectShared(replication, [node.id, name], got, wanted, 'the gradient');
        }
      }
    });
  });

  test('so do their moments, root mean squares as means; ages are the old ones', () => {
    law(operator, 60, (application) => {
      const replication = replicationOf(application);
      const { parent, child } = application;
      expect(Object.keys(child.state.moments)).toEqual(Object.keys(parent.state.moments));
      for (const [id, byName] of Object.entries(child.state.moments)) {
        for (const [name, moments] of Object.entries(byName)) {
          const old = parent.state.moments[id]![name]!;
          const roots = [moments, old].map(({ second }) => tensor(second!.shape, second!.data.map(Math.sqrt)));
          expectShared(replication, [id, name], moments.first!, old.first!, 'the mean gradient');
          expectShared(replication, [id, name], roots[0]!, roots[1]!, 'the root mean square');
          expect(new Set(moments.age.data)).toEqual(new Set(old.age.data));
        }
      }
    });
  });

  test('copies part ways: their gradients point in different directions', () => {
    let [parted, pairs] = [0, 0];
    law(operator, 60, (application) => {
      const { before, after, sources } = replicationOf(application);
      const readings = after.slots.filter(({ role }) => role === 'consumer');
      const gradients = lossGradients(application.child.network, 8, 1);
      const values = gradients.byNode.get(after.producers[0]!)!;
      const plane = values.length / 8 / after.channels;
      const slopes = (channel: number): Float64Array =>
        Float64Array.from({ length: 8 * plane }, (__, i) => {
          const [sample, pixel] = [Math.floor(i / plane), i % plane];
          return values[(sample * after.channels + channel) * plane + pixel]!;
        });
      for (let channel = before.channels; channel < after.channels; channel++) {
        const [copy, old] = [slopes(channel), slopes(sources[channel]!)];
        // A single weight that reads the channel gives gradients of one direction, as does silence.
        if (readings.length === 0 || !copy.some((slope) => Math.abs(slope) > 1e-9)) continue;
        pairs++;
        const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
        if (Math.abs(dot(copy, old)) / Math.sqrt(dot(copy, copy) * dot(old, old)) < 1 - 1e-6) parted++;
      }
    });
    expect(pairs).toBeGreaterThan(30);
    expect(parted).toBeGreaterThan(0.8 * pairs);
  });
});

test('channels that the site names are those that are split, in that order', () => {
  let named = 0;
  law(exactSplitting, 60, ({ parent, child, site }) => {
    const channels = site.channels as readonly number[] | undefined;
    if (!channels) return;
    named++;
    const [old, now] = [parent, child].map(({ network }) =>
      forwardValues(network, 1, 2, 'eval').outputs.get(String(site.node))!,
    );
    const group = channelGroups(parent.network).find(({ producers }) => producers.includes(String(site.node)))!;
    const plane = old!.length / group.channels;
    const valuesOf = (values: Float64Array, channel: number): Float64Array =>
      values.subarray(channel * plane, (channel + 1) * plane);
    channels.forEach((channel, i) => {
      expectClose(valuesOf(now!, group.channels + i), valuesOf(old!, channel), 1e-10, `copy ${i} of ${channel}`, 1);
    });
  });
  expect(named).toBeGreaterThan(15);
});

test('halves that move lie to either side of the old channel: their mean is its value', () => {
  const moving: Operator = {
    ...splitNeurons,
    sites: (network) => exactSplitting.sites(network).map((site) => ({ ...site, epsilon: 1e-3 })),
  };
  law(moving, 40, (application) => {
    const { parent, child } = application;
    const { before, after, sources } = replicationOf(application);
    const [id] = before.producers;
    const [old, now] = [parent, child].map(({ network }) => forwardValues(network, 4, 2, 'eval').outputs.get(id!)!);
    const plane = old!.length / 4 / before.channels;
    const scale = old!.reduce((high, x) => Math.max(high, Math.abs(x)), 1);
    sources.slice(before.channels).forEach((channel, i) => {
      const copy = before.channels + i;
      for (let at = 0; at < 4 * plane; at++) {
        const [sample, pixel] = [Math.floor(at / plane), at % plane];
        const value = (c: number): number => now![(sample * after.channels + c) * plane + pixel]!;
        const wanted = old![(sample * before.channels + channel) * plane + pixel]!;
        expect(Math.abs((value(channel) + value(copy)) / 2 - wanted)).toBeLessThan(1e-6 * scale);
      }
    });
  });
});
