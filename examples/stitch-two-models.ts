// Recombines two trained networks: fits stitches between them, looks at their children, and trains the best one's.
import { writeFileSync } from 'node:fs';
import {
  activeStitches,
  batchOf,
  buildSupernetwork,
  costOf,
  decode,
  evaluate,
  exportOnnx,
  fineTune,
  firstPopulation,
  fitSupernetwork,
  freshTrainingState,
  loadDataset,
  onnxEngine,
  RandomStream,
  searchSupernetwork,
  splitDataset,
  train,
  type Network,
  type TrainedNetwork,
} from 'neurostitch';

const rng = RandomStream.fromSeed(1);
const engine = onnxEngine();
const { samples, heldOut, ...dataset } = await loadDataset('digits');
const data = splitDataset({ ...dataset, samples, heldOut }, { validation: 0.2, test: 0.2 }, rng.fork('split'));

// Two networks of different families. Models of your own come from `importOnnx`, as { network, state }.
const untrained = firstPopulation(samples.shape, samples.classes, rng.fork('networks'));
const parents: TrainedNetwork[] = [];
for (const { name, network } of untrained.filter((one) => ['cnn-8-16', 'resnet-6'].includes(one.name))) {
  const options = { epochs: 15, batchSize: 32, learningRate: 0.004 };
  parents.push(await train(engine, { network, state: freshTrainingState }, data.train, options, rng.fork(name)));
}

// Every stitch in closed form, in one pass over 500 samples without labels.
const seen = batchOf(data.train, [...Array(500).keys()]);
const unfitted = buildSupernetwork(parents[0]!, parents[1]!);
const supernetwork = await fitSupernetwork(engine, unfitted, { data: seen.data, count: seen.size });
const qualities = supernetwork.stitches.map(({ quality }) => quality!.r2);
console.log(`${qualities.length} stitches, held-out R^2 ${Math.min(...qualities).toFixed(2)} or more`);

// The children of one and two stitches, cheapest first; nothing is trained for them.
const errorsOf = async (networks: readonly Network[]): Promise<number[]> =>
  (await evaluate(engine, networks, data.validation)).map(({ error }) => error);
const { front, evaluated } = await searchSupernetwork(
  supernetwork,
  'crossings',
  async (genotypes) => {
    const networks = genotypes.map((genotype) => decode(supernetwork, genotype).network);
    const errors = await errorsOf(networks);
    return networks.map((network, at) => [errors[at]!, costOf(network).macs]);
  },
  { budget: 60, rng: rng.fork('search') },
);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
for (const { genotype, objectives } of front) {
  const stitches = activeStitches(supernetwork, genotype);
  const what = stitches.length > 0 ? stitches.join(', ') : `only ${genotype.output}`;
  console.log(`  error ${percent(objectives[0]!)}, ${objectives[1]} MACs: ${what}`);
}

// Training the stitches alone; the parents' layers stay as they are, to the bit.
const [chosen] = evaluated
  .filter(({ genotype }) => activeStitches(supernetwork, genotype).length > 0)
  .sort((one, other) => one.objectives[0]! - other.objectives[0]!);
if (chosen) {
  const options = { epochs: 6, batchSize: 32, learningRate: 0.004, distillation: { weight: 0.5 } };
  const { network } = await fineTune(engine, supernetwork, chosen.genotype, data.train, options, rng.fork('tune'));
  const [error] = await errorsOf([network]);
  const [before, after] = [percent(chosen.objectives[0]!), percent(error!)];
  console.log(`The stitched child with the least error, ${before}: ${after} with its stitches trained.`);
  const folder = process.env.NEUROSTITCH_EXAMPLE_OUT;
  if (folder) writeFileSync(`${folder}.onnx`, exportOnnx(network));
  else console.log(`As ONNX it takes ${exportOnnx(network).length} bytes.`);
}
