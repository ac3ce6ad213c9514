// Brings objectives, data and a stopping rule of one's own: the worst class counts, the network has to stay small.
import {
  allocateSamples,
  datasetOf,
  evolve,
  RandomStream,
  type Dataset,
  type Objective,
  type StoppingRule,
} from 'neurostitch';

const out = process.env.NEUROSTITCH_EXAMPLE_OUT ?? `runs/custom-objective-${Date.now()}`;
const generations = Number(process.env.NEUROSTITCH_EXAMPLE_GENERATIONS ?? 6);

/** Recall of the class that fares worst: what a mean hides. The confusion has a row for each true class. */
const worstRecall: Objective = {
  name: 'worst-recall',
  title: 'worst recall',
  goal: 'maximise',
  ideal: 1,
  reference: 0,
  unit: '%',
  of: 'evaluation',
  measure: ({ confusion }) =>
    Math.min(...confusion.map((row, at) => row[at]! / row.reduce((sum, count) => sum + count, 0))),
};

/** Known without any training; layers are what this device pays for. */
const layers: Objective = {
  name: 'layers',
  title: 'layers',
  goal: 'minimise',
  ideal: 0,
  of: 'network',
  measure: ({ nodes }) => nodes.length,
};

const goodEnough: StoppingRule = {
  name: 'good enough',
  shouldStop: ({ front }) =>
    front.some(({ outcome }) => 'values' in outcome && outcome.values['worst-recall']! >= 0.99),
};

/** Images of 8 x 8 with a noisy bright bar: upright, lying or neither. */
function bars(count: number): Dataset {
  const rng = RandomStream.fromSeed('bars');
  const samples = allocateSamples([1, 8, 8], 3, count);
  for (let sample = 0; sample < count; sample++) {
    const label = sample % 3;
    const at = rng.int(8);
    samples.labels[sample] = label;
    for (let pixel = 0; pixel < 64; pixel++) {
      const line = label === 0 ? pixel % 8 : Math.floor(pixel / 8);
      const bright = label < 2 && line === at;
      samples.inputs[64 * sample + pixel] = (bright ? 1 : 0) + 0.6 * rng.normal();
    }
  }
  return datasetOf('bars', samples);
}

const run = await evolve(
  {
    data: 'bars',
    seed: 1,
    generations,
    children: 8,
    objectives: ['worst-recall', 'layers'],
    constraints: { bytes: { max: 40_000 } },
    training: { firstEpochs: 8, childEpochs: 2 },
  },
  { out, dataset: bars(900), objectives: [worstRecall, layers], stop: [goodEnough] },
);

for (const { id, objectives, operator } of run.front) {
  const recall = (100 * objectives['worst-recall']!).toFixed(1);
  console.log(`${id}: worst recall ${recall} %, ${objectives.layers} layers, ${objectives.bytes} bytes (${operator})`);
}
console.log('The hypervolume is a share of the box up to', run.record.generations[0]!.reference);
console.log(`Ended by ${run.record.end?.reason}; hypervolume ${run.record.generations.at(-1)!.hypervolume.toFixed(4)}`);
