// Measures trained classifiers on samples: loss and error, several networks in one pass.
import type { Samples } from '../data/samples.ts';
import type { Engine } from '../engine/engine.ts';
import type { Network } from '../network/network.ts';
import { measure } from './measure.ts';

/** How good a classifier is on some samples. */
export interface Metrics {
  /** Share of samples whose highest output is not at their class, 0..1. */
  readonly error: number;
  /** Mean softmax cross-entropy, in nats. */
  readonly loss: number;
}

/** Metrics of each network; nodes that networks share are computed once for each batch. */
export async function evaluate(engine: Engine, networks: readonly Network[], samples: Samples): Promise<Metrics[]> {
  const program = await engine.compile(networks);
  try {
    const measured = await measure(program, samples);
    return measured.map(({ loss, correct }) => ({ error: 1 - correct! / samples.count, loss }));
  } finally {
    await program.dispose();
  }
}
