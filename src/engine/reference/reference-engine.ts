// The reference engine: float64 loops in plain TypeScript, the oracle for every other engine.
import type { Network } from '../../network/network.ts';
import { outputNode } from '../../network/network.ts';
import { layersOf } from '../../network/shapes.ts';
import { sizeOf } from '../../network/tensor.ts';
import { adamUpdate, type Adam } from '../../training/adam.ts';
import {
  freshTrainingState,
  type Moments,
  type TrainedNetwork,
  type TrainingState,
} from '../../training/training-state.ts';
import { planBackward, trainableParams, type BackwardPlan } from '../backward-plan.ts';
import type {
  Batch,
  CompileOptions,
  Engine,
  Gradients,
  LossMetrics,
  NodeRef,
  NormalEquations,
  Program,
  Targets,
} from '../engine.ts';
import { singleNetwork } from '../single-network.ts';
import { softmaxCrossEntropy } from '../softmax-cross-entropy.ts';
import { collectTrained, type MomentValues } from '../collect-trained.ts';
import { backwardPass, forwardPass, referenceParams, type ForwardValues, type ReferenceParams } from './passes.ts';

export const referenceEngine: Engine = {
  name: 'reference',
  device: 'float64 loops on one core',
  compile: (networks, options = {}) => Promise.resolve(new ReferenceProgram(networks, options)),
};

class ReferenceProgram implements Program {
  readonly #networks: readonly Network[];
  readonly #params: ReferenceParams[];
  readonly #trainable: ReadonlySet<string> | undefined;
  readonly #state: TrainingState;
  readonly #moments: Map<string, Map<string, MomentValues<Float64Array>>>;

  constructor(networks: readonly Network[], { trainable, state }: CompileOptions) {
    networks.forEach(layersOf);
    this.#networks = networks;
    this.#params = networks.map(referenceParams);
    this.#trainable = trainable;
    this.#state = state ?? freshTrainingState;
    this.#moments = widenMoments(networks[0]!, this.#state);
  }

  forward(batch: Batch, wanted?: readonly NodeRef[]): Promise<readonly Float64Array[]> {
    return Promise.resolve(this.#forward(batch, wanted));
  }

  gradients(batch: Batch, targets: Targets): Promise<LossMetrics & { gradients: Gradients }> {
    const { metrics, gradients } = this.#backward(batch, targets);
    return Promise.resolve({ ...metrics, gradients: Object.fromEntries(gradients) });
  }

  step(batch: Batch, targets: Targets, optimiser: Adam): Promise<LossMetrics> {
    const { metrics, gradients, forward } = this.#backward(batch, targets);
    const params = this.#params[0]!;
    for (const [id, byName] of gradients) {
      for (const [name, gradient] of Object.entries(byName)) {
        updateEntries(optimiser, params.get(id)![name]!, this.#moments.get(id)!.get(name)!, gradient);
      }
    }
    for (const [id, byName] of forward.statistics) {
      for (const [name, values] of Object.entries(byName)) params.get(id)![name]!.set(values);
    }
    return Promise.resolve(metrics);
  }

  normalEquations(
    batch: Batch,
    pairs: readonly { readonly from: NodeRef; readonly to: NodeRef }[],
  ): Promise<readonly NormalEquations[]> {
    const equations = pairs.map(({ from, to }) => {
      const [x, y] = this.#forward(batch, [from, to]);
      const shapes = [from, to].map(({ network, node }) => layersOf(this.#networks[network]!).get(node)!.output);
      const plane = sizeOf(shapes[0]!.slice(1));
      return sumProducts(x!, y!, { batch: batch.size, plane, inputs: shapes[0]![0]!, outputs: shapes[1]![0]! });
    });
    return Promise.resolve(equations);
  }

  snapshot(): TrainedNetwork {
    const network = singleNetwork(this.#networks);
    return collectTrained(network, planBackward(network, this.#trainable), this.#state, {
      param: (id, name) => this.#params[0]!.get(id)![name]!,
      moments: (id, name) => this.#moments.get(id)!.get(name)!,
    });
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  #forward(batch: Batch, wanted?: readonly NodeRef[]): Float64Array[] {
    const refs = wanted ?? this.#networks.map((network, index) => ({ network: index, node: outputNode(network).id }));
    const input = Float64Array.from(batch.data);
    const passes = this.#networks.map((network, index) =>
      refs.some((ref) => ref.network === index)
        ? forwardPass(network, this.#params[index]!, input, batch.size, () => 'eval')
        : undefined,
    );
    return refs.map((ref) => passes[ref.network]!.outputs.get(ref.node)!);
  }

  #backward(
    batch: Batch,
    targets: Targets,
  ): { metrics: LossMetrics; gradients: ReturnType<typeof backwardPass>; forward: ForwardValues } {
    const network = singleNetwork(this.#networks);
    const plan: BackwardPlan = planBackward(network, this.#trainable);
    const params = this.#params[0]!;
    const forward = forwardPass(network, params, Float64Array.from(batch.data), batch.size, plan.mode);
    const logits = forward.outputs.get(outputNode(network).id)!;
    const { gradient, ...metrics } = softmaxCrossEntropy(logits, targets, batch.size);
    return { metrics, forward, gradients: backwardPass(network, params, forward, gradient, batch.size, plan) };
  }
}

function updateEntries(
  optimiser: Adam,
  values: Float64Array,
  moments: MomentValues<Float64Array>,
  gradient: Float64Array,
): void {
  const { first, second, age } = moments;
  for (let i = 0; i < values.length; i++) {
    const entry = { value: values[i]!, first: first[i]!, second: second[i]!, age: age[i]! };
    const next = adamUpdate(optimiser, entry, gradient[i]!);
    values[i] = next.value;
    first[i] = next.first;
    second[i] = next.second;
    age[i] = next.age;
  }
}

function widenMoments(network: Network, state: TrainingState): Map<string, Map<string, MomentValues<Float64Array>>> {
  const widen = (data: ArrayLike<number>, length: number): Float64Array =>
    Float64Array.from({ length }, (_, i) => data[data.length === 1 ? 0 : i]!);
  return new Map(
    network.nodes.map((node) => [
      node.id,
      new Map(
        trainableParams(node).map((name) => {
          const { length } = node.params[name]!.data;
          const kept = state.moments[node.id]?.[name];
          const column = (part: keyof Moments): Float64Array => widen(kept?.[part].data ?? [0], length);
          return [name, { first: column('first'), second: column('second'), age: column('age') }];
        }),
      ),
    ]),
  );
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
