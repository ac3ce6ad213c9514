// Evolves small networks on handwritten digits and prints the Pareto front of error versus cost.
import { evolve, frontTable, openRun, writeReport } from 'neurostitch';

const out = process.env.NEUROSTITCH_EXAMPLE_OUT ?? `runs/example-${Date.now()}`;
const generations = Number(process.env.NEUROSTITCH_EXAMPLE_GENERATIONS ?? 4);

const run = await evolve(
  { data: 'digits', seed: 1, generations, children: 8 },
  { out, workers: 2 },
  {
    onIndividual: ({ id, provenance, validation }) => {
      const error = validation ? `${(100 * validation.error).toFixed(1)} %` : 'failed';
      console.log(`  ${id}: ${provenance.how}, validation error ${error}`);
    },
    onGeneration: ({ generation, front, hypervolume }) => {
      console.log(`generation ${generation}: front of ${front.length}, hypervolume ${hypervolume.toFixed(4)}`);
    },
  },
);

console.log(frontTable(run.front));
console.log('Hypervolumes are shares of the box up to', run.record.generations[0]!.reference);
console.log(`Report: ${await writeReport(run.folder, run.record)}`);

// A run can be opened again, and its networks go on from there.
const opened = await openRun(run.folder);
const smallest = opened.front[0]!;
const { network } = await opened.model(smallest.id);
console.log(`The smallest network on the front, ${smallest.id}, has ${network.nodes.length} nodes.`);
