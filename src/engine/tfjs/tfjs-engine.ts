// The tfjs engine: networks run by TensorFlow.js, which also derives the gradients.
import { NeurostitchError } from '../../errors.ts';
import { nodeHashes } from '../../network/hash.ts';
import { pruneTo } from '../../network/edit.ts';
import { inputNode, outputNode, type Network, type NetworkNode } from '../../network/network.ts';
import { layersOf } from '../../network/shapes.ts';
import type { Tensor } from '../../network/tensor.ts';
import type { LossMetrics } from '../../training/losses/loss.ts';
import type { Optimiser } from '../../training/optimisers/optimiser.ts';
import { freshTrainingState, type TrainedNetwork } from '../../training/training-state.ts';
import { planTraining } from '../backward-plan.ts';
import { checkBatch } from '../check-batch.ts';
import { checkClipNorm } from '../check-clip-norm.ts';
import { checkNodes } from '../check-nodes.ts';
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
import { channelsFirst, channelsLast } from './channels-last.ts';
import { computeForward } from './compute-forward.ts';
import { readRegressionSums, regressionSums } from './normal-equations.ts';
import { loadTfjs, type TfjsBackend, type TfjsRuntime } from './load-tfjs.ts';
import type { TfjsTensor } from './tfjs.ts';
import { TfjsTrainer, type Differentiated } from './tfjs-trainer.ts';

export interface TfjsSettings {
  /** Where to compute; by default the first of tensorflow, webgpu and cpu that is there. */
  readonly backend?: TfjsBackend;
}

/**
 * Throws `engine-failed` where the backend's package or device is missing, saying what to install, and `bad-argument`
 * for an unknown backend.
 */
export async function tfjsEngine({ backend }: TfjsSettings = {}): Promise<Engine> {
  const runtime = await loadTfjs(backend);
  return {
    name: 'tfjs',
    device: runtime.device,
    compile: (networks, options = {}) => settled(() => new TfjsProgram(networks, options, runtime)),
  };
}

class TfjsProgram implements Program {
  readonly #networks: readonly Network[];
  readonly #options: CompileOptions;
  readonly #runtime: TfjsRuntime;
  /** Parameters on the device; networks that share a tensor share it there too. */
  readonly #constants = new Map<Tensor, TfjsTensor>();
  #trainer: TfjsTrainer | undefined;

  constructor(networks: readonly Network[], options: CompileOptions, runtime: TfjsRuntime) {
    networks.forEach(layersOf);
    this.#networks = networks;
    this.#options = options;
    this.#runtime = runtime;
  }

  async forward(batch: Batch, wanted?: readonly NodeRef[]): Promise<readonly Float32Array[]> {
    const refs = wanted ?? this.#networks.map((network, index) => ({ network: index, node: outputNode(network).id }));
    const { tf } = this.#runtime;
    const values = this.#compute(() => this.#forward(batch, refs).map((value) => channelsFirst(tf, value)));
    return readAll(values);
  }

  async gradients(
    batch: Batch,
    targets: Targets,
    { loss = defaultLoss }: LossOptions = {},
  ): Promise<LossMetrics & { gradients: Gradients }> {
    const trainer = this.#training();
    checkBatch(this.#networks, batch);
    const sizes = lossSizes(loss, outputSize(singleNetwork(this.#networks)), targets, batch.size);
    const { outputs, gradients, statistics } = this.#compute(() =>
      this.#differentiate(batch, targets, { loss, sizes }, peekNoise),
    );
    statistics?.dispose();
    const [logits, vector] = await readAll([outputs, gradients]);
    return { ...loss.measure(logits!, targets, sizes), gradients: trainer.cut(vector!) };
  }

  async step(
    batch: Batch,
    targets: Targets,
    optimiser: Optimiser,
    { loss = defaultLoss, clipNorm }: StepOptions = {},
  ): Promise<LossMetrics> {
    const trainer = this.#training();
    checkClipNorm(clipNorm);
    checkBatch(this.#networks, batch);
    const sizes = lossSizes(loss, outputSize(singleNetwork(this.#networks)), targets, batch.size);
    if (!trainer.remembers(optimiser)) {
      const { moments } = (await trainer.snapshot()).state;
      this.#compute(() => {
        trainer.remember(optimiser, moments);
      });
    }
    const outputs = this.#compute(() => {
      const result = this.#differentiate(batch, targets, { loss, sizes }, drawNoise);
      trainer.update(result, { optimiser, clipNorm });
      return result.outputs;
    });
    const [logits] = await readAll([outputs]);
    return loss.measure(logits!, targets, sizes);
  }

  async normalEquations(
    batch: Batch,
    pairs: readonly { readonly from: NodeRef; readonly to: NodeRef }[],
  ): Promise<readonly NormalEquations[]> {
    const { tf } = this.#runtime;
    const sums = this.#compute(() => {
      const values = this.#forward(
        batch,
        pairs.flatMap(({ from, to }) => [from, to]),
      );
      return pairs.map((_, index) => regressionSums(tf, values[2 * index]!, values[2 * index + 1]!));
    });
    const equations = await Promise.all(sums.map(readRegressionSums));
    for (const { xx, xy, yy } of sums) tf.dispose([xx, xy, yy]);
    return equations;
  }

  async snapshot(): Promise<TrainedNetwork> {
    return this.#training().snapshot();
  }

  dispose(): Promise<void> {
    this.#trainer?.dispose();
    this.#trainer = undefined;
    for (const value of this.#constants.values()) value.dispose();
    this.#constants.clear();
    return Promise.resolve();
  }

  #training(): TfjsTrainer {
    if (!this.#trainer) {
      const network = singleNetwork(this.#networks);
      const plan = planTraining(network, this.#options.trainable);
      const state = this.#options.state ?? freshTrainingState;
      this.#trainer = this.#compute(() => new TfjsTrainer(this.#runtime.tf, network, plan, state));
    }
    return this.#trainer;
  }

  /** Everything but reading; what `work` returns stays on the device, all else it made is freed. */
  #compute<T>(work: () => T): T {
    try {
      return this.#runtime.compute(work);
    } catch (cause) {
      if (cause instanceof NeurostitchError) throw cause;
      const message = `Expected a computation that ${this.#runtime.device} can do, got: ${String(cause)}`;
      throw new NeurostitchError('engine-failed', message, { cause });
    }
  }

  /** The wanted nodes' values, channels last, of all networks as far as they need it; equal nodes once. */
  #forward(batch: Batch, wanted: readonly NodeRef[]): TfjsTensor[] {
    const { tf } = this.#runtime;
    checkBatch(this.#networks, batch);
    checkNodes(this.#networks, wanted);
    if (wanted.length === 0) return [];
    const input = this.#input(batch);
    const trained = this.#trainer?.params();
    const params = (node: NetworkNode): Readonly<Record<string, TfjsTensor>> =>
      trained?.get(node.id) ?? this.#constantParams(node);
    const computed = new Map();
    const byNetwork = this.#networks.map((network, index) => {
      const needed = new Set(
        wanted
          .filter((ref) => ref.network === index)
          .flatMap((ref) => pruneTo(network.nodes, ref.node).nodes.map((node) => node.id)),
      );
      const hashes = nodeHashes(network);
      const settings = { tf, input, params, mode: () => 'eval' as const };
      // Hashes are those of before the training, which may have told twins apart.
      const shared = trained ? undefined : { hashOf: (id: string) => hashes.get(id)!, computed };
      return computeForward(network, settings, (id) => needed.has(id), shared);
    });
    return wanted.map((ref) => byNetwork[ref.network]!.get(ref.node)!.output);
  }

  #differentiate(
    batch: Batch,
    targets: Targets,
    { loss, sizes }: Pick<Parameters<TfjsTrainer['differentiate']>[0], 'loss' | 'sizes'>,
    noiseFor: typeof drawNoise,
  ): Differentiated {
    const { tf } = this.#runtime;
    const network = singleNetwork(this.#networks);
    const trainer = this.#training();
    const drawn = noiseFor(network, trainer.plan, batch.size, this.#options.noise);
    const noise = new Map([...drawn].map(([id, values]) => [id, this.#placed(network, id, batch.size, values)]));
    return trainer.differentiate(
      {
        input: this.#input(batch),
        targets: tf.tensor2d(targets, [batch.size, targets.length / batch.size]),
        noise,
        loss,
        sizes,
      },
      (node) => this.#constantParams(node),
    );
  }

  #constantParams(node: NetworkNode): Readonly<Record<string, TfjsTensor>> {
    const { tf } = this.#runtime;
    const placed = (param: Tensor): TfjsTensor => {
      const value = this.#constants.get(param) ?? tf.keep(tf.tensor(param.data, [...param.shape]));
      this.#constants.set(param, value);
      return value;
    };
    return Object.fromEntries(Object.entries(node.params).map(([name, param]) => [name, placed(param)]));
  }

  #input(batch: Batch): TfjsTensor {
    const [network] = this.#networks;
    return this.#placed(network!, inputNode(network!).id, batch.size, batch.data);
  }

  /** A node's values for a batch on the device, channels last. */
  #placed(network: Network, id: string, batch: number, values: Float32Array): TfjsTensor {
    const { tf } = this.#runtime;
    return channelsLast(tf, tf.tensor(values, [batch, ...layersOf(network).get(id)!.output]));
  }
}

/** The values of tensors, which are freed. */
async function readAll(values: readonly TfjsTensor[]): Promise<Float32Array[]> {
  const read = await Promise.all(values.map((value) => value.data<'float32'>()));
  for (const value of values) value.dispose();
  return read;
}
