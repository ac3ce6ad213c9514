// The loop in one's own hands: ask for candidates, evaluate them here, tell what became of them. No folder, no threads.
import {
  evaluateCandidate,
  Evolution,
  inProcess,
  loadDataset,
  onnxEngine,
  RandomStream,
  splitDataset,
} from 'neurostitch';

const generations = Number(process.env.NEUROSTITCH_EXAMPLE_GENERATIONS ?? 3);

const dataset = await loadDataset('digits');
const { train, validation } = splitDataset(dataset, { validation: 0.2, test: 0.2 }, RandomStream.fromSeed(1));
const evolution = new Evolution({ seed: 1, generations, children: 6, training: { firstEpochs: 10 } }, dataset.samples);
const executor = inProcess(onnxEngine(), { train, validation });

while (!evolution.finished) {
  for (const candidate of evolution.ask()) {
    // Whatever gives the same result will do: another machine, a queue, an evaluation of one's own.
    const evaluated = await evaluateCandidate(executor, candidate);
    const { outcome, cost } = evolution.tell(candidate, evaluated);
    const result = 'failure' in outcome ? outcome.failure : `error ${(100 * outcome.values.error!).toFixed(1)} %`;
    console.log(`  ${candidate.id} ${candidate.provenance.how}: ${result}, ${cost.macs} MACs`);
  }
  console.log(`generation ${evolution.generation}: hypervolume ${evolution.hypervolume().toFixed(4)}`);
}
console.log('Hypervolumes are shares of the box up to', evolution.reference);
await executor.close();

for (const { id, objectives } of evolution.front()) console.log(id, ...objectives);
