// The interface of an engine: what runs and trains networks. Implementations: reference/, onnx/ and tfjs/; auto/ chooses.
import type { Network } from '../network/network.ts';
import type { Loss, LossMetrics } from '../training/losses/loss.ts';
import type { Optimiser } from '../training/optimisers/optimiser.ts';
import type { RandomStream } from '../random/stream.ts';
import type { TrainedNetwork, TrainingState } from '../training/training-state.ts';

/** Samples one after the other, each of the network's input shape. */
export interface Batch {
  readonly size: number;
  readonly data: Float32Array;
}

/** What the loss wants of each sample of a batch: [size, targetWidth]; for classification class probabilities. */
export type Targets = Float32Array;

/** Values of a node, row-major: float32 from fast engines, float64 from the reference. */
export type Values = Float32Array | Float64Array;

/** A node of one of the compiled networks, by position and id. */
export interface NodeRef {
  readonly network: number;
  readonly node: string;
}

/** What is trained, from where on, and what noise it meets. */
export interface CompileOptions {
  /** Ids of the nodes whose parameters are trained (default: all). Every other node is frozen, in eval mode. */
  readonly trainable?: ReadonlySet<string>;
  /** Where training goes on from (default: from nothing). */
  readonly state?: TrainingState;
  /**
   * Where layers such as dropout draw their noise from. Each step moves it on by one draw, so its `state()` between two
   * steps is all that must be kept to go on exactly. Needed only where a layer in train mode draws.
   */
  readonly noise?: RandomStream;
}

/** Against what gradients are taken. */
export interface LossOptions {
  /** What is made small (default: softmax cross-entropy). */
  readonly loss?: Loss;
}

/** What else can be chosen about one update. */
export interface StepOptions extends LossOptions {
  /**
   * The largest norm of all gradients together; larger ones are scaled down to it before the update (Pascanu, Mikolov
   * and Bengio 2013, algorithm 1). Default: no limit.
   */
  readonly clipNorm?: number;
}

/** Node id -> parameter name -> gradient of the mean loss, as long as the parameter's data. */
export type Gradients = Readonly<Record<string, Readonly<Record<string, Values>>>>;

/**
 * Sums over all positions p of a batch (samples, and pixels for images) for the regression of features Y on features X.
 * X carries a last column of ones, so that the bias is fitted too. Float64, row-major.
 */
export interface NormalEquations {
  /** Number of positions. */
  readonly count: number;
  /** Channels of X, without the ones. */
  readonly inputs: number;
  /** Channels of Y. */
  readonly outputs: number;
  /** X'X: [inputs + 1, inputs + 1]. */
  readonly xx: Float64Array;
  /** X'Y: [inputs + 1, outputs]. */
  readonly xy: Float64Array;
  /** Sum of squares of each channel of Y. */
  readonly yy: Float64Array;
}

/** One or more networks, ready to run. Not for use by two callers at once. */
export interface Program {
  /**
   * Values of the wanted nodes, by default the output of each network, in that order: [size, ...shape] each.
   *
   * Throws `bad-argument`, as all methods do, for a batch that is not of the networks' input, and unknown nodes.
   */
  forward(batch: Batch, wanted?: readonly NodeRef[]): Promise<readonly Values[]>;
  /**
   * Loss and its gradients by all trainable parameters, in train mode, of the one network; nothing is changed, and noise
   * is that of the next step.
   */
  gradients(
    batch: Batch,
    targets: Targets,
    options?: LossOptions,
  ): Promise<LossMetrics & { readonly gradients: Gradients }>;
  /**
   * One update of the trainable parameters of the one network; metrics are of before the update.
   *
   * Throws `bad-argument` for targets of another size than the loss wants, and where the training state belongs to an
   * optimiser with other slots.
   */
  step(batch: Batch, targets: Targets, optimiser: Optimiser, options?: StepOptions): Promise<LossMetrics>;
  /** The sums for each regression of `to` on `from`; both nodes are vectors, or images of one height and width. */
  normalEquations(
    batch: Batch,
    pairs: readonly { readonly from: NodeRef; readonly to: NodeRef }[],
  ): Promise<readonly NormalEquations[]>;
  /** The one network as trained so far, and its training state: read back from the device when asked for. */
  snapshot(): Promise<TrainedNetwork>;
  dispose(): Promise<void>;
}

/** Something that computes networks. All engines agree with the float64 reference. */
export interface Engine {
  readonly name: string;
  /** Where and how it computes, for people. */
  readonly device: string;
  /** Throws `bad-network` for networks that cannot run. */
  compile(networks: readonly Network[], options?: CompileOptions): Promise<Program>;
}
