// Measures trained networks on samples: loss and error, several networks in one pass.
import { batchOf, batchPositions, type Samples } from '../data/samples.ts';
import type { Engine } from '../engine/engine.ts';
import { softmaxCrossEntropy } from '../engine/softmax-cross-entropy.ts';
import type { Network } from '../network/network.ts';

export interface Metrics {
  /** Share of samples whose highest output is not at their class, 0..1. */
  readonly error: number;
  /** Mean softmax cross-entropy, in nats. */
  readonly loss: number;
}

const batchSize = 256;

/** Metrics of each network; nodes that networks share are computed once for each batch. */
export async function evaluate(engine: Engine, networks: readonly Network[], samples: Samples): Promise<Metrics[]> {
  const program = await engine.compile(networks);
  const totals = networks.map(() => ({ correct: 0, loss: 0 }));
  try {
    for (const positions of batchPositions(samples.count, batchSize)) {
      const batch = batchOf(samples, positions);
      const outputs = await program.forward(batch);
      outputs.forEach((logits, i) => {
        const { loss, correct } = softmaxCrossEntropy(logits, batch.targets, batch.size);
        totals[i]!.correct += correct;
        totals[i]!.loss += loss * batch.size;
      });
    }
  } finally {
    await program.dispose();
  }
  return totals.map(({ correct, loss }) => ({ error: 1 - correct / samples.count, loss: loss / samples.count }));
}
