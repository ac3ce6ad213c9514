// Objectives as a user may bring them.
import type { EvaluationObjective, NetworkObjective } from '../../population/index.ts';

/** Recall of the class that fares worst, to maximise. */
export const worstRecall: EvaluationObjective = {
  name: 'worst-recall',
  title: 'worst recall',
  goal: 'maximise',
  ideal: 1,
  of: 'evaluation',
  measure: ({ confusion }) =>
    Math.min(...confusion.map((row, at) => row[at]! / row.reduce((sum, count) => sum + count, 0))),
};

/** Cannot be measured of networks with more nodes than so many. */
export const lossUpTo = (nodes: number): EvaluationObjective => ({
  name: 'loss-of-small-ones',
  title: 'loss of small networks',
  goal: 'minimise',
  ideal: 0,
  of: 'evaluation',
  measure: ({ network, validation }) => {
    if (network.nodes.length > nodes) throw new Error(`more than ${nodes} nodes`);
    return validation.loss;
  },
});

/** Known without any training. */
export const layers: NetworkObjective = {
  name: 'layers',
  title: 'layers',
  goal: 'minimise',
  ideal: 0,
  of: 'network',
  measure: ({ nodes }) => nodes.length,
};
