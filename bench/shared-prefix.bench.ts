// Evaluating 64 children of one supernetwork together, shared prefixes computed once, against one by one.
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { evaluate } from '../src/training/evaluate.ts';
import { buildSupernetwork, crossings, decode, fitSupernetwork } from '../stitching/index.ts';
import { median } from './median.ts';
import { benchData, first, trainedParents } from './parents.ts';

const children = 64;
const runs = 5;

export async function measure(): Promise<object> {
  const engine = onnxEngine();
  const { name, splits } = await benchData(1);
  const parents = await trainedParents(engine, splits, 1, 1);
  const seen = first(splits.train, 500);
  const samples = { data: Float32Array.from(seen.inputs), count: seen.count };
  const supernetwork = await fitSupernetwork(engine, buildSupernetwork(...parents), samples);
  // Evenly spread over all costs.
  const ranked = crossings(supernetwork);
  const networks = Array.from(
    { length: children },
    (_, at) => decode(supernetwork, ranked[Math.floor((at * ranked.length) / children)]!.genotype).network,
  );
  const judged = first(splits.validation, 1000);
  const times: { together: number[]; apart: number[] } = { together: [], apart: [] };
  for (let run = 0; run < runs; run++) {
    let start = performance.now();
    await evaluate(engine, networks, judged);
    times.together.push(performance.now() - start);
    start = performance.now();
    for (const network of networks) await evaluate(engine, [network], judged);
    times.apart.push(performance.now() - start);
  }
  const [together, apart] = [median(times.together), median(times.apart)];
  const ratio = together / apart;
  return {
    data: name,
    unit: 'ms',
    children,
    crossings: ranked.length,
    samples: judged.count,
    runs,
    together,
    apart,
    ratio,
  };
}
