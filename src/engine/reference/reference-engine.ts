// The reference engine: float64 loops in plain TypeScript, the oracle for every other engine.
import type { Network } from '../../network/network.ts';
import { outputNode } from '../../network/network.ts';
import { layersOf } from '../../network/shapes.ts';
import { sizeOf } from '../../network/tensor.ts';
import type { RandomStream } from '../../random/stream.ts';
import type { Loss, LossMetrics } from '../../training/losses/loss.ts';
import type { Optimiser } from '../../training/optimisers/optimiser.ts';
import { freshTrainingState, type TrainedNetwork, type TrainingState } from '../../training/training-state.ts';
import { planBackward, planTraining } from '../backward-plan.ts';
import { checkBatch } from '../check-batch.ts';
import { checkClipNorm } from '../check-clip-norm.ts';
import { checkNodes } from '../check-nodes.ts';
import { checkSlots } from '../check-slots.ts';
import { collectTrained } from '../collect-trained.ts';
import { defaultLoss } from '../default-loss.ts';
import type {
  Batch,
  CompileOptions,
  Engine,
  Gradients,
  LossOptions,
  NodeRef,
  NormalEquations,
  Program,
  StepOptions,
  Targets,
} from '../engine.ts';
import { lossSizes, outputSize } from '../loss-sizes.ts';
import { drawNoise, peekNoise } from '../noise.ts';
import { settled } from '../settled.ts';
import { singleNetwork } from '../single-network.ts';
import { backwardPass, forwardPass, referenceParams, type ForwardValues, type ReferenceParams } from './passes.ts';
import { clipped, referenceMemory, updateParameters, type ReferenceMemory } from './update-parameters.ts';

/** Plain float64 loops: slow, obviously right, and the oracle of every other engine. */
export const referenceEngine: Engine = {
  name: 'reference',
  device: 'float64 loops on one core',
  compile: (networks, options = {}) => settled(() => new ReferenceProgram(networks, options)),
};

class ReferenceProgram implements Program {
  readonly #networks: readonly Network[];
  readonly #params: ReferenceParams[];
  readonly #trainable: ReadonlySet<string> | undefined;
  readonly #state: TrainingState;
  readonly #noise: RandomStream | undefined;
  /** Made by the first step, for the slots of its optimiser. */
  #memory: { readonly values: ReferenceMemory; readonly slots: readonly string[] } | undefined;

  constructor(networks: readonly Network[], { trainable, state, noise }: CompileOptions) {
    networks.forEach(layersOf);
    this.#networks = networks;
    this.#params = networks.map(referenceParams);
    this.#trainable = trainable;
    this.#state = state ?? freshTrainingState;
    this.#noise = noise;
  }

  forward(batch: Batch, wanted?: readonly NodeRef[]): Promise<readonly Float64Array[]> {
    return settled(() => this.#forward(batch, wanted));
  }

  gradients(
    batch: Batch,
    targets: Targets,
    { loss = defaultLoss }: LossOptions = {},
  ): Promise<LossMetrics & { gradients: Gradients }> {
    return settled(() => {
      const { metrics, gradients } = this.#backward(batch, targets, loss, peekNoise);
      return { ...metrics, gradients: Object.fromEntries(gradients) };
    });
  }

  step(
    batch: Batch,
    targets: Targets,
    optimiser: Optimiser,
    { loss = defaultLoss, clipNorm }: StepOptions = {},
  ): Promise<LossMetrics> {
    return settled(() => {
      checkClipNorm(clipNorm);
      const memory = this.#memoryFor(optimiser);
      const { metrics, gradients, forward } = this.#backward(batch, targets, loss, drawNoise);
      const params = this.#params[0]!;
      updateParameters(optimiser, params, memory, clipNorm === undefined ? gradients : clipped(gradients, clipNorm));
      for (const [id, byName] of forward.statistics) {
        for (const [name, values] of Object.entries(byName)) params.get(id)![name]!.set(values.map(Math.fround));
      }
      return metrics;
    });
  }

  normalEquations(
    batch: Batch,
    pairs: readonly { readonly from: NodeRef; readonly to: NodeRef }[],
  ): Promise<readonly NormalEquations[]> {
    return settled(() =>
      pairs.map(({ from, to }) => {
        const [x, y] = this.#forward(batch, [from, to]);
        const shapes = [from, to].map(({ network, node }) => layersOf(this.#networks[network]!).get(node)!.output);
        const plane = sizeOf(shapes[0]!.slice(1));
        return sumProducts(x!, y!, { batch: batch.size, plane, inputs: shapes[0]![0]!, outputs: shapes[1]![0]! });
      }),
    );
  }

  snapshot(): Promise<TrainedNetwork> {
    return settled(() => this.#collect());
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  #collect(): TrainedNetwork {
    const network = singleNetwork(this.#networks);
    const memory = this.#memory?.values;
    if (!memory) return { network, state: { moments: this.#state.moments } };
    return collectTrained(network, planBackward(network, this.#trainable), this.#state, {
      param: (id, name) => this.#params[0]!.get(id)![name]!,
      slots: (id, name) => memory.get(id)![name]!.slots,
      ages: (id, name) => memory.get(id)![name]!.age,
    });
  }

  #forward(batch: Batch, wanted?: readonly NodeRef[]): Float64Array[] {
    const refs = wanted ?? this.#networks.map((network, index) => ({ network: index, node: outputNode(network).id }));
    checkBatch(this.#networks, batch);
    checkNodes(this.#networks, refs);
    const input = Float64Array.from(batch.data);
    const passes = this.#networks.map((network, index) =>
      refs.some((ref) => ref.network === index)
        ? forwardPass(network, this.#params[index]!, input, batch.size, () => 'eval')
        : undefined,
    );
    return refs.map((ref) => passes[ref.network]!.outputs.get(ref.node)!);
  }

  #memoryFor(optimiser: Optimiser): ReferenceMemory {
    const network = singleNetwork(this.#networks);
    const plan = planTraining(network, this.#trainable);
    if (this.#memory?.slots.join() !== optimiser.slots.join()) {
      const { moments } = this.#collect().state;
      checkSlots(optimiser, network, plan, { moments });
      this.#memory = { values: referenceMemory(network, plan, { moments }, optimiser.slots), slots: optimiser.slots };
    }
    return this.#memory.values;
  }

  #backward(
    batch: Batch,
    targets: Targets,
    loss: Loss,
    noiseFor: typeof drawNoise,
  ): { metrics: LossMetrics; gradients: ReturnType<typeof backwardPass>; forward: ForwardValues } {
    const network = singleNetwork(this.#networks);
    checkBatch(this.#networks, batch);
    const plan = planTraining(network, this.#trainable);
    const params = this.#params[0]!;
    const noise = noiseFor(network, plan, batch.size, this.#noise);
    const forward = forwardPass(network, params, Float64Array.from(batch.data), batch.size, plan.mode, noise);
    const outputs = forward.outputs.get(outputNode(network).id)!;
    const sizes = lossSizes(loss, outputSize(network), targets, batch.size);
    const gradient = loss.gradient(outputs, targets, sizes);
    const metrics = loss.measure(outputs, targets, sizes);
    return { metrics, forward, gradients: backwardPass(network, params, forward, gradient, batch.size, plan) };
  }
}

function sumProducts(
  x: Float64Array,
  y: Float64Array,
  sizes: { batch: number; plane: number; inputs: number; outputs: number },
): NormalEquations {
  const { batch, plane, inputs, outputs } = sizes;
  const width = inputs + 1;
  const xx = new Float64Array(width * width);
  const xy = new Float64Array(width * outputs);
  const yy = new Float64Array(outputs);
  for (let n = 0; n < batch; n++) {
    for (let p = 0; p < plane; p++) {
      const row = Float64Array.from({ length: width }, (_, c) => (c < inputs ? x[(n * inputs + c) * plane + p]! : 1));
      const wanted = Float64Array.from({ length: outputs }, (_, c) => y[(n * outputs + c) * plane + p]!);
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) xx[i * width + j]! += row[i]! * row[j]!;
        for (let j = 0; j < outputs; j++) xy[i * outputs + j]! += row[i]! * wanted[j]!;
      }
      for (let j = 0; j < outputs; j++) yy[j]! += wanted[j]! ** 2;
    }
  }
  return { count: batch * plane, inputs, outputs, xx, xy, yy };
}
