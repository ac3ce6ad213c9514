// Recombines two trained networks of different families, and their best child with a third.
import {
  firstPopulation,
  freshTrainingState,
  frontTable,
  loadDataset,
  onnxEngine,
  openRun,
  RandomStream,
  recombine,
  splitDataset,
  train,
  type NamedModel,
} from 'neurostitch';

const out = process.env.NEUROSTITCH_EXAMPLE_OUT ?? `runs/example-stitch-${Date.now()}`;
const seed = 1;
const rng = RandomStream.fromSeed(seed);

// Three models trained on the part that `recombine` with this seed trains on: the others then test them fairly. Models of
// your own come from `importOnnx`, with `freshTrainingState`.
const dataset = await loadDataset('digits');
const data = splitDataset(dataset, { validation: 0.2, test: 0.2 }, rng.fork('split'));
const { shape, classes } = dataset.samples;
const untrained = firstPopulation(shape, classes, rng.fork('networks'));
const models: NamedModel[] = [];
for (const { name, network } of untrained.filter((one) => ['mlp-48-24', 'cnn-8-16', 'resnet-6'].includes(one.name))) {
  const options = { epochs: 15, batchSize: 32, learningRate: 0.004 };
  const trained = await train(
    onnxEngine(),
    { network, state: freshTrainingState },
    data.train,
    options,
    rng.fork(name),
  );
  models.push({ name, trained });
}

// All stitches fitted in closed form, 60 children evaluated, and the stitches of the best four trained.
const [mlp, cnn, resnet] = models;
const run = await recombine(
  [cnn!, resnet!],
  { data: 'digits', seed, children: 60, tune: 4, epochs: 3 },
  { out, workers: 2 },
  {
    onFit: (stitches) => {
      console.log(`fitting ${stitches} stitches`);
    },
    onGeneration: ({ generation, evaluations, front }) => {
      console.log(`step ${generation}: ${evaluations} networks evaluated, front of ${front.length}`);
    },
  },
);
console.log(frontTable(run.front));

// Children are ordinary networks, and parents as well as any.
const opened = await openRun(run.folder);
const best = run.front.findLast(({ operator }) => operator === 'stitch');
if (best) {
  const child = { name: best.id, trained: await opened.model(best.id) };
  const settings = { data: 'digits', seed, children: 40, tune: 2, epochs: 1 };
  const again = await recombine([child, mlp!], settings, { out: `${out}-again`, workers: 2 });
  console.log(frontTable(again.front));
}
