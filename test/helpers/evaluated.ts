// What an evaluation might have made of a candidate, for tests that evaluate nothing.
import { parseConfig, type Candidate, type Individual, type Success } from '../../population/index.ts';
import { RunObjectives } from '../../population/objectives/run-objectives.ts';
import { noCompute, Results } from '../../population/results.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';

/** As if training had changed nothing. */
export function evaluatedAs({ child }: Pick<Candidate, 'child'>, error: number, samplesSeen = 0): Success {
  return {
    trained: child,
    validation: { error, loss: 1, samples: 30 },
    confusion: [],
    mistakes: [],
    latency: null,
    macs: { training: 3 * samplesSeen, evaluation: 30 },
    fit: [],
    samplesSeen,
  };
}

/** A trained network as the individual of a run with the usual objectives. */
export function individualOf(id: string, trained: TrainedNetwork): Individual {
  const candidate: Candidate = {
    id,
    child: trained,
    provenance: { how: 'first', name: id, parents: [] },
    stitching: null,
    trainable: null,
    budget: { epochs: 0, batchSize: 32, learningRate: 0.001, fitSamples: 16 },
    seed: '',
    inherited: noCompute,
    rungs: null,
    latency: false,
  };
  const results = new Results(new RunObjectives(parseConfig({})));
  return results.add(candidate, evaluatedAs(candidate, 0.5)).individual;
}
