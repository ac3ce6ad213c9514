// Fitting all stitches of two CNNs: closed form, the authors' recipe, and closed form with fine-tuning.
import type { Samples } from '../src/data/samples.ts';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import type { Network } from '../src/network/network.ts';
import { RandomStream } from '../src/random/stream.ts';
import { evaluate } from '../src/training/evaluate.ts';
import {
  buildSupernetwork,
  decode,
  fineTune,
  fitSupernetwork,
  singleCrossings,
  type Supernetwork,
} from '../stitching/index.ts';
import { fitByFeatures } from './feature-regression.ts';
import { median } from './median.ts';
import { benchData, first, trainedParents } from './parents.ts';

const fitSamples = 2000;
/** Images that the authors' recipe sees. */
const recipeImages = 49_152;
const seed = 1;
const repeats = 5;

/** Test accuracies of the children with one stitch. */
interface ChildAccuracies {
  readonly mean: number;
  readonly best: number;
  readonly all: readonly number[];
}

export async function measure(): Promise<object> {
  const engine = onnxEngine({ threads: 2 });
  const { name, splits } = await benchData(seed);
  const parents = await trainedParents(engine, splits, seed);
  const supernetwork = buildSupernetwork(...parents);
  const samples = first(splits.train, fitSamples);
  const genotypes = singleCrossings(supernetwork).map(({ genotype }) => genotype);
  const childrenOf = (one: Supernetwork): Network[] => genotypes.map((genotype) => decode(one, genotype).network);
  const judge = async (networks: readonly Network[]): Promise<ChildAccuracies> => {
    const all = (await evaluate(engine, networks, splits.test)).map(({ error }) => Number((1 - error).toFixed(4)));
    return { mean: all.reduce((sum, value) => sum + value, 0) / all.length, best: Math.max(...all), all };
  };

  const ours: number[] = [];
  let fitted = supernetwork;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = performance.now();
    fitted = await fitSupernetwork(engine, supernetwork, { data: plainFloats(samples), count: samples.count });
    ours.push(performance.now() - start);
  }
  const closedForm = { images: samples.count, median_ms: median(ours), accuracy: await judge(childrenOf(fitted)) };

  const epochs = Math.round(recipeImages / splits.train.count);
  const recipe = await timed(() => fitByFeatures(engine, supernetwork, splits.train, epochs, seed));
  // As long as the closed form took, at the rate of the whole recipe.
  const few = first(splits.train, Math.ceil((epochs * splits.train.count * closedForm.median_ms) / recipe.ms));
  const short = await timed(() => fitByFeatures(engine, supernetwork, few, 1, seed));
  const features = {
    images: epochs * splits.train.count,
    ms: recipe.ms,
    accuracy: await judge(childrenOf(recipe.value)),
  };
  const briefly = { images: few.count, ms: short.ms, accuracy: await judge(childrenOf(short.value)) };

  const tuned = await timed(async () => {
    const networks: Network[] = [];
    const options = { epochs: 2, batchSize: 32, learningRate: 2e-3 };
    for (const genotype of genotypes) {
      const rng = RandomStream.fromSeed(`${seed} ${networks.length}`);
      networks.push((await fineTune(engine, fitted, genotype, samples, options, rng)).network);
    }
    return networks;
  });
  const [a, b] = await evaluate(
    engine,
    parents.map(({ network }) => network),
    splits.test,
  );
  return {
    data: name,
    threads: 2,
    parents: { a: 1 - a!.error, b: 1 - b!.error },
    stitches: supernetwork.stitches.length,
    held_out_r2: fitted.stitches.map(({ type, quality }) => ({ type, r2: quality!.r2 })),
    children: genotypes.length,
    closed_form: closedForm,
    feature_mse: features,
    feature_mse_as_long: briefly,
    closed_form_and_fine_tuning: {
      images_a_child: 2 * samples.count,
      ms: closedForm.median_ms + tuned.ms,
      accuracy: await judge(tuned.value),
    },
    times_faster: recipe.ms / closedForm.median_ms,
  };
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}

function plainFloats({ inputs }: Samples): Float32Array {
  return Float32Array.from(inputs);
}
