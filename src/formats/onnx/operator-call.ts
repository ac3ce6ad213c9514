// One ONNX operator seen by its translation: its inputs and settings, checked, and a way to add layers.
import { expected, NeurostitchError, Words } from '../../errors.ts';
import type { DecodedTensor } from '../../engine/onnx/onnx-schema.ts';
import type { Attributes, Params } from '../../network/network.ts';
import { sameShape, type Shape } from '../../network/tensor.ts';
import type { Budget } from './budget.ts';
import type { DraftLayer, NetworkDraft } from './network-draft.ts';
import type { OnnxOperator } from './onnx-file.ts';
import type { ConstantValue, LayerValue, SizesValue, Value } from './value.ts';

/** What is known of the whole graph when an operator is translated. */
export interface TranslationState {
  readonly draft: NetworkDraft;
  /** By name, for everything that comes before the operator. */
  readonly values: ReadonlyMap<string, Value>;
  /** By the name of an output: the operator that makes it. */
  readonly makers: ReadonlyMap<string, OnnxOperator>;
  /** The batch size, where the file fixes it. */
  readonly batch: number | undefined;
  /** The version of ONNX's operators. */
  readonly opset: number;
  readonly budget: Budget;
  note(text: string): void;
}

/** Turns one operator into a value, adding layers on the way. Throws `bad-model` for what it cannot express. */
export type Translation = (call: OperatorCall) => Value;

export class OperatorCall {
  readonly operator: OnnxOperator;
  readonly #state: TranslationState;

  constructor(operator: OnnxOperator, state: TranslationState) {
    this.operator = operator;
    this.#state = state;
  }

  get batch(): number | undefined {
    return this.#state.batch;
  }

  get opset(): number {
    return this.#state.opset;
  }

  /** The usual "Expected ..., got ..." error, naming this operator. */
  refusal(wanted: string, got: unknown): NeurostitchError {
    return this.#at(expected('bad-model', wanted, got));
  }

  note(text: string): void {
    this.#state.note(text);
  }

  /** Counts numbers about to be made. Throws `bad-model` where they are too many for the file: see `Budget`. */
  spend(values: number): void {
    this.#located(() => {
      this.#state.budget.spend(values);
    });
  }

  /** The value of an input; undefined where it is left out. */
  input(index: number): Value | undefined {
    const name = this.operator.inputs[index];
    return name ? this.value(name) : undefined;
  }

  /** Whether a value is stored or made by an earlier operator. */
  has(name: string): boolean {
    return this.#state.values.has(name);
  }

  value(name: string): Value {
    const value = this.#state.values.get(name);
    if (!value) throw this.refusal(`"${name}" to be a weight or made by an earlier operator`, 'neither');
    return value;
  }

  /** The operator that makes the value `name`, if it is of this type. */
  maker(name: string, type: string): OperatorCall | undefined {
    const maker = this.#state.makers.get(name);
    return maker?.type === type ? new OperatorCall(maker, this.#state) : undefined;
  }

  /** The names of that operator's inputs. */
  inputsOfMaker(name: string, type: string): readonly string[] | undefined {
    return this.maker(name, type)?.operator.inputs;
  }

  /** An input that is computed from the model's input. */
  layerInput(index: number): LayerValue {
    return this.#require(this.input(index), 'layer', `the output of another operator as input ${index}`);
  }

  /** An image that is computed from the model's input. */
  imageInput(index: number): LayerValue {
    const value = this.layerInput(index);
    // Values of [channels, 1, 1] that the network holds as [channels] are no image to a layer.
    if (value.shape.length !== 3 || !sameShape(value.shape, this.layer(value).instance.output)) {
      throw this.refusal('an image [batch, channels, height, width] as input', `[batch, ${value.shape.join(', ')}]`);
    }
    return value;
  }

  /** A vector that is computed from the model's input. */
  vectorInput(index: number): LayerValue {
    const value = this.layerInput(index);
    if (value.shape.length !== 1) {
      throw this.refusal('a vector [batch, features] as input', `[batch, ${value.shape.join(', ')}]`);
    }
    return value;
  }

  constantInput(index: number): ConstantValue {
    return this.#require(this.input(index), 'constant', `constant numbers as input ${index}`);
  }

  /** The two inputs, where one is computed from the model's input and the other is stored; and which is the stored. */
  inputAndConstant(): [input: LayerValue, constant: ConstantValue, index: number] | undefined {
    const [one, other] = [this.input(0), this.input(1)];
    if (one?.type === 'layer' && other?.type === 'constant') return [one, other, 1];
    if (one?.type === 'constant' && other?.type === 'layer') return [other, one, 0];
    return undefined;
  }

  sizesInput(index: number): SizesValue {
    return this.#require(this.input(index), 'sizes', `constant integers as input ${index}`);
  }

  /** Integers that newer operator sets give as an input and older ones as an attribute. */
  integersInput(index: number, attribute: string): readonly number[] | undefined {
    if (!this.input(index)) return this.integers(attribute);
    return this.sizesInput(index).sizes.map((size) => {
      if (size === 'batch') throw this.refusal(`constant ${attribute}`, 'the batch size');
      return size;
    });
  }

  integer(name: string, otherwise: number): number {
    return this.operator.attributes.get(name)?.i ?? otherwise;
  }

  integers(name: string): readonly number[] | undefined {
    return this.operator.attributes.get(name)?.ints;
  }

  real(name: string, otherwise: number): number {
    return this.operator.attributes.get(name)?.f ?? otherwise;
  }

  text(name: string, otherwise: string): string {
    const found = this.operator.attributes.get(name)?.s;
    return found ? Buffer.from(found).toString() : otherwise;
  }

  stored(name: string): DecodedTensor | undefined {
    return this.operator.attributes.get(name)?.t ?? undefined;
  }

  /** The layer behind a value. */
  layer({ id }: LayerValue): DraftLayer {
    return this.#state.draft.layer(id);
  }

  /** Adds a layer to the network; `shape` is that of its output in the ONNX graph, if it is not the layer's own. */
  addLayer(
    kind: string,
    inputs: readonly Pick<LayerValue, 'id'>[],
    attributes: Attributes = {},
    params: Params = {},
    shape?: Shape,
  ): LayerValue {
    return this.#located(() => {
      const ids = inputs.map(({ id }) => id);
      const { node, instance } = this.#state.draft.add(kind, ids, attributes, params, this.operator.name);
      return { type: 'layer', id: node.id, shape: shape ?? instance.output };
    });
  }

  /** Adds the layer behind a value once more, with these parameters instead. */
  addVariant(value: LayerValue, params: Params): LayerValue {
    const { node, source } = this.layer(value);
    return this.#located(() => {
      const variant = this.#state.draft.add(node.kind, node.inputs, node.attributes, params, source);
      return { ...value, id: variant.node.id };
    });
  }

  #require<T extends Value['type']>(value: Value | undefined, type: T, wanted: string): Extract<Value, { type: T }> {
    if (value?.type === type) return value as Extract<Value, { type: T }>;
    if (value?.type === 'opaque') throw value.error;
    throw this.refusal(wanted, new Words(value ? descriptions[value.type] : 'none'));
  }

  #located<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      if (!(cause instanceof NeurostitchError)) throw cause;
      throw this.#at(cause);
    }
  }

  #at(cause: NeurostitchError): NeurostitchError {
    const { name } = this.operator;
    return new NeurostitchError('bad-model', `${cause.message} (at node ${name})`, { path: name, cause });
  }
}

const descriptions = {
  layer: 'the output of another operator',
  constant: 'constant numbers',
  sizes: 'integers',
  padded: 'padding, which only a convolution or pool takes',
} as const;
