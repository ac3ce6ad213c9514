// The onnx engine: networks become ONNX graphs that onnxruntime runs, training included.
import type * as ort from 'onnxruntime-node';
import type { Network } from '../../network/network.ts';
import { inputNode, outputNode } from '../../network/network.ts';
import { nodeHashes } from '../../network/hash.ts';
import { layersOf } from '../../network/shapes.ts';
import { pruneTo } from '../../network/edit.ts';
import { freshTrainingState, type TrainedNetwork } from '../../training/training-state.ts';
import type { Loss, LossMetrics } from '../../training/losses/loss.ts';
import type { Optimiser } from '../../training/optimisers/optimiser.ts';
import { planTraining, type BackwardPlan } from '../backward-plan.ts';
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
import { checkClipNorm } from '../check-clip-norm.ts';
import { checkNodes } from '../check-nodes.ts';
import { defaultLoss } from '../default-loss.ts';
import { lossSizes, outputSize } from '../loss-sizes.ts';
import { drawNoise, peekNoise } from '../noise.ts';
import { settled } from '../settled.ts';
import { singleNetwork } from '../single-network.ts';
import { constantParams, emitForward, type EmittedNode } from './emit-network.ts';
import { emitNormalEquations, readNormalEquations, type Regression } from './normal-equations.ts';
import { OnnxGraph, type OnnxValue } from './onnx-graph.ts';
import {
  checkOnnxSettings,
  createSession,
  floats,
  ortTensor,
  runSession,
  type OnnxSettings,
  type OrtTensors,
} from './session.ts';
import { TrainerState } from './trainer-state.ts';
import { type TrainingRecipe, createTrainingSession, noiseInput } from './training-session.ts';

/**
 * The engine, by default on one thread of the CPU.
 *
 * Throws `bad-argument` for an unknown execution provider, and for threads that are no number of 1 or more.
 */
export function onnxEngine(settings: OnnxSettings = {}): Engine {
  checkOnnxSettings(settings);
  return {
    name: 'onnx',
    device: `onnxruntime on ${placeOf(settings)}`,
    compile: (networks, options = {}) => settled(() => new OnnxProgram(networks, options, settings)),
  };
}

function placeOf({ executionProvider = 'cpu', threads = 1 }: OnnxSettings): string {
  return executionProvider === 'cpu' ? `the CPU, ${threads} thread(s)` : executionProvider;
}

/** How many compiled graphs a program keeps. */
const mostSessions = 8;

class OnnxProgram implements Program {
  #networks: readonly Network[];
  readonly #options: CompileOptions;
  readonly #settings: OnnxSettings;
  readonly #sessions = new Map<string, Promise<ort.InferenceSession>>();
  #training: { plan: BackwardPlan; state: TrainerState } | undefined;
  /** Whether steps were taken since `#networks` was last brought up to date. */
  #stepped = false;

  constructor(networks: readonly Network[], options: CompileOptions, settings: OnnxSettings) {
    networks.forEach(layersOf);
    this.#networks = networks;
    this.#options = options;
    this.#settings = settings;
  }

  async forward(batch: Batch, wanted?: readonly NodeRef[]): Promise<readonly Float32Array[]> {
    checkBatch(this.#networks, batch);
    const refs = wanted ?? this.#networks.map((network, index) => ({ network: index, node: outputNode(network).id }));
    checkNodes(this.#networks, refs);
    // onnxruntime runs no graph without outputs.
    if (refs.length === 0) return [];
    await this.#bringUpToDate();
    const session = await this.#session(`forward ${JSON.stringify(refs)}`, () => this.#forwardSession(refs));
    const values = await runSession(session, { input: this.#input(batch) });
    return refs.map((_, index) => floats(values, `value${index}`));
  }

  async gradients(
    batch: Batch,
    targets: Targets,
    { loss = defaultLoss }: LossOptions = {},
  ): Promise<LossMetrics & { gradients: Gradients }> {
    const { state } = this.#trainer();
    checkBatch(this.#networks, batch);
    const sizes = lossSizes(loss, outputSize(singleNetwork(this.#networks)), targets, batch.size);
    const session = await this.#trainingSession({ batch: batch.size, loss, update: undefined });
    const feeds = {
      ...declared(session, state.feeds),
      ...this.#noise(batch, peekNoise),
      input: this.#input(batch),
      targets: this.#targets(batch, targets),
    };
    const values = await runSession(session, feeds);
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
    checkClipNorm(clipNorm);
    checkBatch(this.#networks, batch);
    const sizes = lossSizes(loss, outputSize(singleNetwork(this.#networks)), targets, batch.size);
    state.prepare(optimiser);
    const session = await this.#trainingSession({ batch: batch.size, loss, update: { optimiser, clipNorm } });
    const feeds = {
      ...state.feeds,
      ...this.#noise(batch, drawNoise),
      input: this.#input(batch),
      targets: this.#targets(batch, targets),
      learningRate: ortTensor([1], Float32Array.of(optimiser.learningRate)),
    };
    const outputs = ortTensor([batch.size, sizes.outputs], new Float32Array(batch.size * sizes.outputs));
    await runSession(session, feeds, { ...state.fetches, outputs });
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
    if (pairs.length === 0) return [];
    await this.#bringUpToDate();
    const regressions = pairs.map(({ from, to }) => ({ from, to, shape: this.#shape(from), target: this.#shape(to) }));
    const key = `regress ${JSON.stringify(pairs)}`;
    const session = await this.#session(key, () => this.#regressionSession(regressions));
    const values = await runSession(session, { input: this.#input(batch) });
    return regressions.map((regression, index) => readNormalEquations(regression, batch.size, index, values));
  }

  snapshot(): Promise<TrainedNetwork> {
    return settled(() => this.#trainer().state.collect(singleNetwork(this.#networks)));
  }

  async dispose(): Promise<void> {
    for (const key of [...this.#sessions.keys()]) await this.#release(key);
  }

  #trainer(): { plan: BackwardPlan; state: TrainerState } {
    if (!this.#training) {
      const network = singleNetwork(this.#networks);
      const plan = planTraining(network, this.#options.trainable);
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
    for (const key of [...this.#sessions.keys()]) if (!key.startsWith('train')) await this.#release(key);
  }

  /** A graph is compiled once, as long as few others were used since: of some settings there is one for each step. */
  async #session(key: string, create: () => Promise<ort.InferenceSession>): Promise<ort.InferenceSession> {
    const session = this.#sessions.get(key) ?? create();
    // A Map keeps the order of insertion: what was used last stands last.
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > mostSessions) await this.#release(oldest!);
    try {
      return await session;
    } catch (error) {
      this.#sessions.delete(key);
      throw error;
    }
  }

  async #release(key: string): Promise<void> {
    const session = this.#sessions.get(key);
    this.#sessions.delete(key);
    await (await session)?.release();
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
  const own = ({ name, settings }: Loss | Optimiser): string => `${name} ${Object.entries(settings).join()}`;
  return `${batch} ${own(loss)}${update ? ` ${own(update.optimiser)} ${update.clipNorm}` : ''}`;
}

/** Those of the values that a session takes. */
function declared(session: ort.InferenceSession, values: OrtTensors): OrtTensors {
  return Object.fromEntries(Object.entries(values).filter(([name]) => session.inputNames.includes(name)));
}
