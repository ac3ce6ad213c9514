// The objectives that every run can name.
import { costOf } from '../../src/network/cost.ts';
import type { Objective } from './objective.ts';

const least = { goal: 'minimise', ideal: 0 } as const;

/** All built-in objectives. */
export const objectives: readonly Objective[] = [
  {
    ...least,
    name: 'error',
    title: 'validation error',
    unit: '%',
    reference: 1,
    of: 'evaluation',
    measure: ({ validation }) => validation.error,
  },
  {
    ...least,
    name: 'loss',
    title: 'validation loss',
    unit: 'nats',
    of: 'evaluation',
    measure: ({ validation }) => validation.loss,
  },
  { ...least, name: 'macs', title: 'MACs', of: 'network', measure: (network) => costOf(network).macs },
  { ...least, name: 'params', title: 'parameters', of: 'network', measure: (network) => costOf(network).params },
  {
    ...least,
    name: 'bytes',
    title: 'bytes of weights',
    unit: 'B',
    of: 'network',
    measure: ({ nodes }) =>
      nodes.flatMap(({ params }) => Object.values(params)).reduce((sum, { data }) => sum + data.byteLength, 0),
  },
  {
    ...least,
    name: 'latency',
    title: 'latency',
    unit: 'ms',
    of: 'evaluation',
    timed: true,
    measure: ({ latency }) => latency ?? NaN,
  },
];
