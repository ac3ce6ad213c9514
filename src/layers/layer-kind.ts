// The contract of a layer kind: one object declares everything that is true of the kind, and nothing else asks its name.
import type { z } from 'zod';
import type { OnnxGraph, OnnxValue } from '../engine/onnx/onnx-graph.ts';
import type { Tfjs, TfjsTensor } from '../engine/tfjs/tfjs.ts';
import type { Attributes, Params } from '../network/network.ts';
import type { Shape, Tensor } from '../network/tensor.ts';
import type { RandomStream } from '../random/stream.ts';
import type { ActivationName } from './activation-functions.ts';
import type { Pads } from './convolution-geometry.ts';
import type { Range } from './range.ts';

/** A layer in place: its settings, its tensors and the shapes around it (without the batch axis). */
export interface LayerInstance<A extends Attributes = Attributes> {
  readonly attributes: A;
  readonly params: Params;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

/** In `train` mode batch norm uses the batch's own statistics, and dropout drops. */
export type Mode = 'eval' | 'train';

/** One run of the float64 reference: values are [batch, ...shape], row-major. */
export interface ReferenceCall<A extends Attributes = Attributes> {
  readonly layer: LayerInstance<A>;
  readonly params: Readonly<Record<string, Float64Array>>;
  readonly inputs: readonly Float64Array[];
  readonly batch: number;
  readonly mode: Mode;
  /** What the kind's `noise` drew for this batch; in train mode only, of kinds that declare it. */
  readonly noise?: Float32Array | undefined;
}

export interface ReferenceResult {
  readonly output: Float64Array;
  /** New running statistics, by parameter name (train mode only). */
  readonly statistics?: Readonly<Record<string, Float64Array>>;
}

export interface ReferenceGradients {
  readonly inputs: readonly Float64Array[];
  readonly params: Readonly<Record<string, Float64Array>>;
}

/** One place in an ONNX graph under construction. `batch` is undefined where the batch axis is left open. */
export interface OnnxCall<A extends Attributes = Attributes> {
  readonly graph: OnnxGraph;
  readonly layer: LayerInstance<A>;
  readonly params: Readonly<Record<string, OnnxValue>>;
  readonly inputs: readonly OnnxValue[];
  readonly batch: number | undefined;
  readonly mode: Mode;
  /** What the kind's `noise` draws for each batch, of shape [batch, ...output]; see `ReferenceCall`. */
  readonly noise?: OnnxValue | undefined;
}

export interface OnnxResult {
  readonly output: OnnxValue;
  /** Values that the gradient wants again. */
  readonly saved?: Readonly<Record<string, OnnxValue>>;
  readonly statistics?: Readonly<Record<string, OnnxValue>>;
}

/** The backward place of the same layer; the batch is fixed. */
export interface OnnxGradientCall<A extends Attributes = Attributes> extends OnnxCall<A> {
  readonly batch: number;
  readonly output: OnnxValue;
  readonly saved: Readonly<Record<string, OnnxValue>>;
  /** Gradient of the loss by this layer's output. */
  readonly gradient: OnnxValue;
  /** Whether anything before input i, or this layer's own parameters, is being trained. */
  readonly wanted: { readonly inputs: readonly boolean[]; readonly params: boolean };
}

export interface OnnxGradients {
  readonly inputs: readonly (OnnxValue | undefined)[];
  readonly params: Readonly<Record<string, OnnxValue>>;
}

/** One place in a computation by TensorFlow.js. Images are [batch, height, width, channels]: channels come last. */
export interface TfjsCall<A extends Attributes = Attributes> {
  readonly tf: Tfjs;
  readonly layer: LayerInstance<A>;
  readonly params: Readonly<Record<string, TfjsTensor>>;
  readonly inputs: readonly TfjsTensor[];
  readonly batch: number;
  readonly mode: Mode;
  /** What the kind's `noise` drew for this batch, channels last; see `ReferenceCall`. */
  readonly noise?: TfjsTensor | undefined;
}

/** TensorFlow.js derives the gradient: every operation in between must have one. */
export interface TfjsResult {
  readonly output: TfjsTensor;
  readonly statistics?: Readonly<Record<string, TfjsTensor>>;
}

/** Parameter name -> the axis that is indexed by channel. */
export type ChannelAxes = Readonly<Record<string, number>>;

/**
 * How a layer's channels (axis 0 of its shapes) hang together, for operators that widen or prune.
 *
 * - `own`: output channels are the layer's own; `producer` are the parameters that make them.
 * - `tied`: output channel c comes from input channel c of every input; `perChannel` parameters follow it. `uniform`
 *   says why, of such a layer, the output stays the same only where all channels are repeated equally often.
 * - `joined`: the channels of all inputs one behind the other.
 * - `spread`: each block of `inputs` channels becomes a block of `outputs` channels, in the same order; `perChannel`
 *   parameters are indexed by output channel, and `resized` gives the settings for another number of input channels.
 * - `locked`: the channels cannot be changed, and why.
 *
 * `consumer` are the parameters indexed by input channel.
 */
export type ChannelFacts =
  | { readonly flow: 'own'; readonly producer: ChannelAxes; readonly consumer: ChannelAxes }
  | { readonly flow: 'tied'; readonly perChannel: ChannelAxes; readonly uniform?: string }
  | { readonly flow: 'joined' }
  | {
      readonly flow: 'spread';
      readonly inputs: number;
      readonly outputs: number;
      readonly perChannel: ChannelAxes;
      readonly resized?: (channels: number) => Attributes;
    }
  | { readonly flow: 'locked'; readonly reason: string };

export interface ParamFacts {
  readonly trainable: boolean;
  readonly optional?: boolean;
  /** Whether weight decay applies: to weights that multiply many values, not to biases, norms or scalars. */
  readonly decays?: boolean;
  /** What every value is before training where it is not drawn, as weights are (default: 0). */
  readonly initial?: number;
  /** The `count` entries that a new output channel starts with, given the tensor without it (default: zeros). */
  newChannel?(count: number, old: Tensor, rng: RandomStream): ArrayLike<number>;
}

/** How a kind passes a tensor on unchanged: by a layer with a square kernel for images, a kernel of 1 for vectors. */
export interface IdentityFacts<A extends Attributes = Attributes> {
  /** Whether there is one for tensors of this shape without taps that read nothing but padding; `kernel` >= 1. */
  fits(shape: Shape, kernel: number): boolean;
  create(shape: Shape, kernel: number): { attributes: A; params: Params };
}

/** A layer that mixes all channels of its input into so many others. */
export interface MixingChoice {
  readonly channels: number;
  /** Height and width of the kernel, with pads that keep the size; 1 for vectors. */
  readonly kernel: number;
  /** Along each axis behind the channels. */
  readonly stride: readonly number[];
  readonly initializer: 'he' | 'zeros';
}

/** How a layer takes a larger kernel: its new settings, and along which two axes each parameter grows. */
export interface KernelGrowth<A extends Attributes = Attributes> {
  readonly attributes: A;
  /** Parameter name -> [axis of the height, axis of the width]. */
  readonly axes: Readonly<Record<string, readonly [number, number]>>;
}

/** Everything about one kind of layer. `O` is what a person writes to make one. */
export interface LayerKind<A extends Attributes = Attributes, O = unknown> {
  readonly kind: string;
  /** How many inputs it takes. */
  readonly arity: { readonly min: number; readonly max: number };
  readonly attributes: z.ZodType<A>;
  readonly options: z.ZodType<O>;
  readonly params: Readonly<Record<string, ParamFacts>>;
  /** A new layer for inputs of these shapes; weights are drawn from `rng`. */
  create(options: O, inputs: readonly Shape[], rng: RandomStream): { attributes: A; params: Params };
  /** The output's shape; throws `bad-network` where the inputs or parameters do not fit. */
  outputShape(layer: Omit<LayerInstance<A>, 'output'>): Shape;
  /** Multiply-accumulates for one sample: multiplications by a learned or constant weight. */
  macs(layer: LayerInstance<A>): number;
  /** The interval that holds every output, given intervals for the inputs. */
  range(layer: LayerInstance<A>, inputs: readonly Range[]): Range;
  channels(layer: LayerInstance<A>): ChannelFacts;
  /**
   * The random values that a layer in train mode needs for one batch, [batch, ...output]: engines draw them once and
   * hand them to the forward and the backward pass, so that all engines see the same ones.
   */
  noise?(layer: LayerInstance<A>, batch: number, rng: RandomStream): Float32Array;
  readonly identity?: IdentityFacts<A>;
  /** What a person would write for such a layer; for inputs that `identity` fits. */
  mixing?(choice: MixingChoice): O;
  /**
   * The same outputs with zero taps put around the kernel: so many at the top, left, bottom and right. Undefined where
   * a row or column of taps would then read nothing but padding.
   */
  growKernel?(layer: LayerInstance<A>, taps: Pads): KernelGrowth<A> | undefined;
  /** The activation function, where to apply it is all that the layer does. */
  appliedFunction?(layer: LayerInstance<A>): ActivationName;
  readonly reference: {
    forward(call: ReferenceCall<A>): ReferenceResult;
    backward(call: ReferenceCall<A> & { output: Float64Array; gradient: Float64Array }): ReferenceGradients;
  };
  readonly onnx: {
    forward(call: OnnxCall<A>): OnnxResult;
    gradient(call: OnnxGradientCall<A>): OnnxGradients;
  };
  tfjs(call: TfjsCall<A>): TfjsResult;
}

/** Gives a kind its precise types where it is written, and the general ones where it is used. */
export function defineLayer<A extends Attributes, O>(kind: LayerKind<A, O>): LayerKind {
  return kind;
}
