// How far an engine is from the float64 reference on one kind of layer.
import { planBackward } from '../../src/engine/backward-plan.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { drawNoise } from '../../src/engine/noise.ts';
import { forwardPass, referenceParams } from '../../src/engine/reference/passes.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { meanSquaredError } from '../../src/training/losses/mean-squared-error.ts';
import { sgd } from '../../src/training/optimisers/sgd.ts';
import { largest, relativeError } from './compare.ts';
import { kindCase, type KindCase } from './kind-cases.ts';

/** The largest errors seen. */
export interface KindErrors {
  /** Of the layer's output, against its largest value. */
  readonly forward: number;
  /**
   * Of the gradients by the layer's inputs and parameters in train mode, against the largest of them and of the gradient
   * that arrives: a layer at its limit, such as a saturated softmax, lets next to nothing of it through.
   */
  readonly gradient: number;
  readonly cases: number;
}

/** Cases number 0 to `cases - 1` of a kind: the same ones for every engine. */
export async function measureKind(engine: Engine, kind: string, cases: number): Promise<KindErrors> {
  let [forward, gradient] = [0, 0];
  for (let index = 0; index < cases; index++) {
    const { network, node, batch, targets } = kindCase(kind, index, RandomStream.fromSeed(`${kind} ${index}`));
    const [program, reference] = await Promise.all(
      [engine, referenceEngine].map((own) => own.compile([network], { noise: noiseOf(index) })),
    );
    const wanted = [{ network: 0, node }];
    const [[actual], [exact]] = await Promise.all([program!.forward(batch, wanted), reference!.forward(batch, wanted)]);
    forward = Math.max(forward, relativeError(actual!, exact!));
    const loss = { loss: meanSquaredError };
    const [own, { gradients }] = await Promise.all([
      program!.gradients(batch, targets, loss),
      reference!.gradients(batch, targets, loss),
    ]);
    const arriving = arrivingGradient({ network, node, batch, targets }, noiseOf(index));
    const scale = largest([arriving, ...Object.values(gradients).flatMap((byName) => Object.values(byName))]);
    for (const [id, byName] of Object.entries(gradients)) {
      for (const [name, values] of Object.entries(byName)) {
        gradient = Math.max(gradient, relativeError(own.gradients[id]?.[name] ?? [], values, scale));
      }
    }
    await program!.dispose();
  }
  return { forward, gradient, cases };
}

/** How far a step of training takes the parameters of a case from where the reference takes them, running ones too. */
export async function measureStep(engine: Engine, kind: string): Promise<number> {
  const { network, node, batch, targets } = kindCase(kind, 1, RandomStream.fromSeed(`${kind} step`));
  const [actual, wanted] = await Promise.all(
    [engine, referenceEngine].map(async (own) => {
      const program = await own.compile([network]);
      await program.step(batch, targets, sgd(0.1), { loss: meanSquaredError });
      const { params } = (await program.snapshot()).network.nodes.find(({ id }) => id === node)!;
      await program.dispose();
      return params;
    }),
  );
  return Math.max(...Object.entries(wanted!).map(([name, { data }]) => relativeError(actual![name]!.data, data)));
}

function noiseOf(index: number): RandomStream {
  return RandomStream.fromSeed(`noise ${index}`);
}

/** By the layer's output in train mode. */
function arrivingGradient({ network, node, batch, targets }: KindCase, stream: RandomStream): Float64Array {
  const { mode } = planBackward(network, undefined);
  const noise = drawNoise(network, { mode }, batch.size, stream);
  const input = Float64Array.from(batch.data);
  const output = forwardPass(network, referenceParams(network), input, batch.size, mode, noise).outputs.get(node)!;
  return meanSquaredError.gradient(output, targets, { batch: batch.size, outputs: output.length / batch.size });
}
