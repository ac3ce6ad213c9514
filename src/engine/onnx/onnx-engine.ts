// The onnx engine: networks become ONNX graphs that onnxruntime runs, training included.
import type * as ort from 'onnxruntime-node';
import { NeurostitchError } from '../../errors.ts';
import type { Network } from '../../network/network.ts';
import { inputNode, outputNode } from '../../network/network.ts';
import { nodeHashes } from '../../network/hash.ts';
import { layersOf } from '../../network/shapes.ts';
import { pruneTo } from '../../network/edit.ts';
import { freshTrainingState, type TrainedNetwork } from '../../training/training-state.ts';
import type { Loss, LossMetrics } from '../../training/losses/loss.ts';
import type { Optimiser } from '../../training/optimisers/optimiser.ts';
import { planBackward, type BackwardPlan } from '../backward-plan.ts';
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
import { checkBatch } from '../check-batch.ts';
import { checkNodes } from '../check-nodes.ts';
import { defaultLoss } from '../default-loss.ts';
import { lossSizes } from '../loss-sizes.ts';
import { drawNoise, peekNoise } from '../noise.ts';
import { settled } from '../settled.ts';
import { singleNetwork } from '../single-network.ts';
import { constantParams, emitForward, type EmittedNode } from './emit-network.ts';
import { emitNormalEquations, readNormalEquations, type Regression } from './normal-equations.ts';
import { OnnxGraph, type OnnxValue } from './onnx-graph.ts';
import { createSession, floats, ortTensor, type OnnxSettings } from './session.ts';
import { TrainerState } from './trainer-state.ts';
import { type TrainingRecipe, createTrainingSession, noiseInput } from './training-session.ts';

/** The engine, by default on one thread of the CPU. */
export function onnxEngine(settings: OnnxSettings = {}): Engine {
  return {
    name: 'onnx',
    device: `onnxruntime on ${placeOf(settings)}`,
    compile(networks, options = {}) {
      networks.forEach(layersOf);
      return Promise.resolve(new OnnxProgram(networks, options, settings));
    },
  };
}

function placeOf({ executionProvider = 'cpu', threads = 1 }: OnnxSettings): string {
  return executionProvider === 'cpu' ? `the CPU, ${threads} thread(s)` : executionProvider;
}

class OnnxProgram implements Program {
  #networks: readonly Network[];
  readonly #options: CompileOptions;
  readonly #settings: OnnxSettings;
  readonly #sessions = new Map<string, Promise<ort.InferenceSession>>();
  #training: { plan: BackwardPlan; state: TrainerState } | undefined;
  /** Whether steps were taken since `#networks` was last brought up to date. */
  #stepped = false;

  constructor(networks: readonly Network[], options: CompileOptions, settings: OnnxSettings) {
    this.#networks = networks;
    this.#options = options;
    this.#settings = settings;
  }

  async forward(batch: Batch, wanted?: readonly NodeRef[]): Promise<readonly Float32Array[]> {
    checkBatch(this.#networks, batch);
    const refs = wanted ?? this.#networks.map((network, index) => ({ network: index, node: outputNode(network).id }));
    checkNodes(this.#networks, refs);
    await this.#bringUpToDate();
    const session = await this.#session(`forward ${JSON.stringify(refs)}`, () => this.#forwardSession(refs));
    const values = await session.run({ input: this.#input(batch) });
    return refs.map((_, index) => floats(values, `value${index}`));
  }

  async gradients(
    batch: Batch,
    targets: Targets,
    { loss = defaultLoss }: LossOptions = {},
  ): Promise<LossMetrics & { gradients: Gradients }> {
    const { state } = this.#trainer();
    checkBatch(this.#networks, batch);
    const sizes = lossSizes(loss, singleNetwork(this.#networks), targets, batch.size);
    const session = await this.#trainingSession({ batch: batch.size, loss, update: undefined });
    const feeds = {
      ...state.feeds(session),
      ...this.#noise(batch, peekNoise),
      input: this.#input(batch),
      targets: this.#targets(batch, targets),
    };
    const values = await session.run(feeds);
    const gradients: Record<string, Record<string, Float32Array>> = {};
    for (const { id, name, offset, length } of state.layout.trained.slots) {
      const own = (gradients[id] ??= {});
      own[name] = floats(values, 'gradients').subarray(offset, offset + length);
    }
    return { ...loss.measure(floats(values, 'outputs'), targets, sizes), gradients };
  }

  async step(
    batch: Batch,
    targets: Targets,
    optimiser: Optimiser,
    { loss = defaultLoss, clipNorm }: StepOptions = {},
  ): Promise<LossMetrics> {
    const { state } = this.#trainer();
    checkBatch(this.#networks, batch);
    const sizes = lossSizes(loss, singleNetwork(this.#networks), targets, batch.size);
    state.prepare(optimiser);
    const session = await this.#trainingSession({ batch: batch.size, loss, update: { optimiser, clipNorm } });
    const feeds = {
      ...state.feeds(session),
      ...this.#noise(batch, drawNoise),
      input: this.#input(batch),
      targets: this.#targets(batch, targets),
      learningRate: ortTensor([1], Float32Array.of(optimiser.learningRate)),
    };
    const outputs = ortTensor([batch.size, sizes.outputs], new Float32Array(batch.size * sizes.outputs));
    await session.run(feeds, { ...state.fetches(), outputs });
    state.advance();
    this.#stepped = true;
    return loss.measure(outputs.data as Float32Array, targets, sizes);
  }

  async normalEquations(
    batch: Batch,
    pairs: readonly { readonly from: NodeRef; readonly to: NodeRef }[],
  ): Promise<readonly NormalEquations[]> {
    checkBatch(this.#networks, batch);
    checkNodes(
      this.#networks,
      pairs.flatMap(({ from, to }) => [from, to]),
    );
    await this.#bringUpToDate();
    const regressions = pairs.map(({ from, to }) => ({ from, to, shape: this.#shape(from), target: this.#shape(to) }));
    const key = `regress ${JSON.stringify(pairs)}`;
    const session = await this.#session(key, () => this.#regressionSession(regressions));
    const values = await session.run({ input: this.#input(batch) });
    return regressions.map((regression, index) => readNormalEquations(regression, batch.size, index, values));
  }

  snapshot(): Promise<TrainedNetwork> {
    return settled(() => this.#trainer().state.collect(singleNetwork(this.#networks)));
  }

  async dispose(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of sessions) await (await session).release();
  }

  #trainer(): { plan: BackwardPlan; state: TrainerState } {
    if (!this.#training) {
      const network = singleNetwork(this.#networks);
      const plan = planBackward(network, this.#options.trainable);
      if (!network.nodes.some((node) => plan.trains(node.id))) {
        throw new NeurostitchError('bad-network', 'Expected at least one trainable parameter, got none');
      }
      const state = new TrainerState(network, plan, this.#options.state ?? freshTrainingState);
      this.#training = { plan, state };
    }
    return this.#training;
  }

  /** Forward graphs hold weights as constants: after training steps they are built anew. */
  async #bringUpToDate(): Promise<void> {
    if (!this.#stepped) return;
    this.#networks = [(await this.snapshot()).network];
    this.#stepped = false;
    for (const [key, session] of this.#sessions) {
      if (key.startsWith('train')) continue;
      this.#sessions.delete(key);
      await (await session).release();
    }
  }

  #session(key: string, create: () => Promise<ort.InferenceSession>): Promise<ort.InferenceSession> {
    let session = this.#sessions.get(key);
    if (!session) {
      session = create();
      this.#sessions.set(key, session);
    }
    return session;
  }

  #trainingSession(recipe: TrainingRecipe): Promise<ort.InferenceSession> {
    const { plan, state } = this.#trainer();
    return this.#session(`train ${recipeKey(recipe)}`, () =>
      createTrainingSession(singleNetwork(this.#networks), plan, state.layout, recipe, this.#settings),
    );
  }

  #forwardSession(refs: readonly NodeRef[]): Promise<ort.InferenceSession> {
    const graph = new OnnxGraph();
    const values = this.#emit(graph, refs);
    refs.forEach((ref, index) => {
      graph.output(`value${index}`, values[index]!, ['batch', ...this.#shape(ref)]);
    });
    return createSession(graph, this.#settings);
  }

  #regressionSession(regressions: readonly Regression[]): Promise<ort.InferenceSession> {
    const graph = new OnnxGraph();
    const values = this.#emit(
      graph,
      regressions.flatMap(({ from, to }) => [from, to]),
    );
    regressions.forEach((regression, index) => {
      emitNormalEquations(graph, regression, index, values[2 * index]!, values[2 * index + 1]!);
    });
    return createSession(graph, this.#settings);
  }

  /** The forward pass of all networks as far as the wanted nodes need it; equal nodes once. */
  #emit(graph: OnnxGraph, wanted: readonly NodeRef[]): OnnxValue[] {
    const [first] = this.#networks;
    const input = graph.input('input', ['batch', ...layersOf(first!).get(inputNode(first!).id)!.output]);
    const params = constantParams(graph);
    const emitted = new Map<string, EmittedNode>();
    const byNetwork = this.#networks.map((network, index) => {
      const needed = new Set(
        wanted
          .filter((ref) => ref.network === index)
          .flatMap((ref) => pruneTo(network.nodes, ref.node).nodes.map((node) => node.id)),
      );
      const hashes = nodeHashes(network);
      const settings = { graph, input, params, batch: undefined, mode: () => 'eval' as const };
      const shared = { hashOf: (id: string) => hashes.get(id)!, emitted };
      return emitForward(network, settings, (id) => needed.has(id), shared);
    });
    return wanted.map((ref) => byNetwork[ref.network]!.get(ref.node)!.output);
  }

  #shape({ network, node }: NodeRef): readonly number[] {
    return layersOf(this.#networks[network]!).get(node)!.output;
  }

  #input(batch: Batch): ort.Tensor {
    const [network] = this.#networks;
    const shape = layersOf(network!).get(inputNode(network!).id)!.output;
    return ortTensor([batch.size, ...shape], batch.data);
  }

  #noise(batch: Batch, noiseFor: typeof drawNoise): Record<string, ort.Tensor> {
    const network = singleNetwork(this.#networks);
    const noise = noiseFor(network, this.#trainer().plan, batch.size, this.#options.noise);
    const shapeOf = (id: string): readonly number[] => this.#shape({ network: 0, node: id });
    return Object.fromEntries(
      [...noise].map(([id, values]) => [noiseInput(id), ortTensor([batch.size, ...shapeOf(id)], values)]),
    );
  }

  #targets(batch: Batch, targets: Targets): ort.Tensor {
    return ortTensor([batch.size, targets.length / batch.size], targets);
  }
}

/** Recipes of one key make one graph. The learning rate is an input of the graph. */
function recipeKey({ batch, loss, update }: TrainingRecipe): string {
  const own = (part: Loss | Optimiser | undefined): unknown => part && [part.name, part.settings];
  return JSON.stringify([batch, own(loss), own(update?.optimiser), update?.clipNorm]);
}
