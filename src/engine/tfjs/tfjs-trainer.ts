// What one network in training holds on the device: weights, running statistics, and the optimiser's memory.
import { outputNode, type Network, type NetworkNode } from '../../network/network.ts';
import type { Loss, LossSizes } from '../../training/losses/loss.ts';
import type { Optimiser } from '../../training/optimisers/optimiser.ts';
import type { MomentsByNode, TrainedNetwork, TrainingState } from '../../training/training-state.ts';
import { trackedParams, trainableParams, type BackwardPlan } from '../backward-plan.ts';
import { checkSlots } from '../check-slots.ts';
import { collectTrained } from '../collect-trained.ts';
import type { Gradients } from '../engine.ts';
import { emitUpdate, nextName, slotName, type UpdateRecipe } from '../onnx/emit-update.ts';
import { decayMask, flatLayout, packed, packedMoments, type FlatLayout } from '../onnx/flat-layout.ts';
import { channelsFirst } from './channels-last.ts';
import { computeForward } from './compute-forward.ts';
import { EagerGraph } from './eager-graph.ts';
import { vectorValues } from '../onnx/vector-values.ts';
import type { GradSaveFunc, Tfjs, TfjsTensor } from './tfjs.ts';

export interface TrainingBatch {
  /** Channels last, as the noise is. */
  readonly input: TfjsTensor;
  /** [batch, targetWidth]. */
  readonly targets: TfjsTensor;
  readonly noise: ReadonlyMap<string, TfjsTensor>;
  readonly loss: Loss;
  readonly sizes: LossSizes;
}

export interface Differentiated {
  /** [batch, outputs]. */
  readonly outputs: TfjsTensor;
  /** By all trained parameters, one after the other. */
  readonly gradients: TfjsTensor;
  /** New running statistics, one after the other. */
  readonly statistics: TfjsTensor | undefined;
}

/** `snapshot` reads back from the device; what computes is for use within `tf.tidy`. */
export class TfjsTrainer {
  readonly plan: BackwardPlan;
  readonly #tf: Tfjs;
  readonly #network: Network;
  readonly #layouts: { readonly trained: FlatLayout; readonly tracked: FlatLayout };
  /** What was known before the first step. */
  readonly #before: TrainingState;
  /** weights, statistics, age, and the optimiser's slots: each one vector. */
  readonly #held = new Map<string, TfjsTensor>();
  /** The optimiser's, from the first step on. */
  #slots: readonly string[] | undefined;

  constructor(tf: Tfjs, network: Network, plan: BackwardPlan, state: TrainingState) {
    const trained = flatLayout(network, (node) => (plan.trains(node.id) ? trainableParams(node) : []));
    const tracked = flatLayout(network, (node) => (plan.trains(node.id) ? trackedParams(node) : []));
    this.plan = plan;
    this.#tf = tf;
    this.#network = network;
    this.#layouts = { trained, tracked };
    this.#before = state;
    const nodes = new Map(network.nodes.map((node) => [node.id, node]));
    const params = (layout: FlatLayout): Float32Array =>
      packed(layout, (id, name) => nodes.get(id)!.params[name]!.data);
    const ages = packedMoments(trained, state.moments, 'age');
    this.#hold('weights', tf.tensor1d(params(trained)));
    this.#hold('age', tf.tensor1d(ages.every((age) => age === ages[0]) ? ages.slice(0, 1) : ages));
    if (tracked.length > 0) this.#hold('statistics', tf.tensor1d(params(tracked)));
  }

  /** The parameters of every trained node: node id -> name -> tensor. */
  params(): ReadonlyMap<string, Readonly<Record<string, TfjsTensor>>> {
    return this.#unpacked(this.#held.get('weights')!);
  }

  /** Cuts a vector over all trained parameters: node id -> name -> values. */
  cut(vector: Float32Array): Gradients {
    const byNode: Record<string, Record<string, Float32Array>> = {};
    for (const { id, name, offset, length } of this.#layouts.trained.slots) {
      (byNode[id] ??= {})[name] = vector.subarray(offset, offset + length);
    }
    return byNode;
  }

  /** In train mode; nothing is changed. `frozen` gives the parameters of the nodes that are not trained. */
  differentiate(
    { input, targets, noise, loss, sizes }: TrainingBatch,
    frozen: (node: NetworkNode) => Readonly<Record<string, TfjsTensor>>,
  ): Differentiated {
    const tf = this.#tf;
    let outputs: TfjsTensor | undefined;
    let statistics: TfjsTensor | undefined;
    const forward = (weights: TfjsTensor): TfjsTensor => {
      const trained = this.#unpacked(weights);
      const results = computeForward(this.#network, {
        tf,
        input,
        params: (node) => trained.get(node.id) ?? frozen(node),
        mode: this.plan.mode,
        noise,
      });
      const parts = this.#layouts.tracked.slots.map(({ id, name }) =>
        tf.reshape(results.get(id)!.statistics![name]!, [-1]),
      );
      if (parts.length > 0) statistics = tf.keep(tf.concat(parts));
      const { output } = results.get(outputNode(this.#network).id)!;
      outputs = tf.keep(tf.reshape(channelsFirst(tf, output), [sizes.batch, sizes.outputs]));
      return outputs;
    };
    // The loss declares its gradient: that is what flows back, and its value is not needed here.
    const slope = tf.customGrad((logits, save) => {
      const graph = new EagerGraph(tf, { logits: logits as TfjsTensor, targets });
      (save as GradSaveFunc)([graph.value(loss.emitGradient(graph, 'logits', 'targets', sizes))]);
      return { value: tf.scalar(0), gradFunc: (_, [gradient]) => gradient! };
    });
    const { grads } = tf.valueAndGrads((weights) => slope(forward(weights)))([this.#held.get('weights')!]);
    return { outputs: outputs!, gradients: grads[0]!, statistics };
  }

  /** Whether there is a memory for the optimiser's slots. */
  remembers(optimiser: Optimiser): boolean {
    return this.#slots?.join() === optimiser.slots.join();
  }

  /** Makes the optimiser's memory; throws `bad-argument` where the moments are those of one with other slots. */
  remember(optimiser: Optimiser, moments: MomentsByNode): void {
    checkSlots(optimiser, this.#network, this.plan, { moments });
    for (const slot of optimiser.slots) {
      this.#hold(slotName(slot), this.#tf.tensor1d(packedMoments(this.#layouts.trained, moments, slot)));
    }
    this.#slots = optimiser.slots;
  }

  /** Moves everything on by one step of an optimiser that it remembers. */
  update({ gradients, statistics }: Differentiated, { optimiser, clipNorm }: UpdateRecipe): void {
    const tf = this.#tf;
    const graph = new EagerGraph(tf, {
      ...Object.fromEntries(this.#held),
      gradients,
      learningRate: tf.tensor1d([optimiser.learningRate]),
    });
    const { trained } = this.#layouts;
    const { length } = trained;
    const decays = (): string => graph.constant([length], decayMask(this.#network, trained));
    const vectors = { weights: 'weights', gradients: 'gradients', decays };
    emitUpdate(graph, vectors, { length, ages: this.#held.get('age')!.size }, { optimiser, clipNorm });
    for (const name of ['weights', 'age', ...optimiser.slots.map(slotName)]) {
      this.#hold(name, graph.value(nextName(name)));
    }
    if (statistics) this.#hold('statistics', statistics);
  }

  async snapshot(): Promise<TrainedNetwork> {
    const slots = this.#slots;
    if (!slots) return { network: this.#network, state: { moments: this.#before.moments } };
    const reads = [...this.#held].map(async ([name, value]) => [name, await value.data<'float32'>()] as const);
    const vectors = new Map(await Promise.all(reads));
    const values = vectorValues(this.#layouts, slots, (name) => vectors.get(name)!);
    return collectTrained(this.#network, this.plan, this.#before, values);
  }

  dispose(): void {
    for (const value of this.#held.values()) value.dispose();
    this.#held.clear();
  }

  #unpacked(weights: TfjsTensor): ReadonlyMap<string, Readonly<Record<string, TfjsTensor>>> {
    const byNode = new Map<string, Record<string, TfjsTensor>>();
    const cut = ({ slots }: FlatLayout, vector: TfjsTensor): void => {
      // tf.split of a single part has a wrong gradient.
      const parts =
        slots.length === 1
          ? [vector]
          : this.#tf.split(
              vector,
              slots.map(({ length }) => length),
            );
      parts.forEach((part, index) => {
        const { id, name, shape } = slots[index]!;
        byNode.set(id, { ...byNode.get(id), [name]: this.#tf.reshape(part, [...shape]) });
      });
    };
    const { trained, tracked } = this.#layouts;
    cut(trained, weights);
    if (tracked.length > 0) cut(tracked, this.#held.get('statistics')!);
    return byNode;
  }

  #hold(name: string, value: TfjsTensor): void {
    const before = this.#held.get(name);
    this.#held.set(name, this.#tf.keep(value));
    if (before !== value) before?.dispose();
  }
}
