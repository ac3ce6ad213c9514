// Computes what a loss or an optimiser emits at once with TensorFlow.js, so that their rules are written only once.
import { NeurostitchError, expected } from '../../errors.ts';
import type { Shape } from '../../network/tensor.ts';
import { OnnxGraph, type OnnxValue } from '../onnx/onnx-graph.ts';
import type { Tfjs, TfjsTensor } from './tfjs.ts';

type OperationAttributes = NonNullable<Parameters<OnnxGraph['ops']>[2]>;

interface Operands {
  readonly tf: Tfjs;
  readonly tensors: readonly TfjsTensor[];
  /** The operand that is a list of integers: sizes or axes. */
  readonly integers: readonly number[];
  readonly attributes: OperationAttributes;
}

type Operation = (operands: Operands) => TfjsTensor | TfjsTensor[];

/** What losses and optimisers are made of, by its ONNX name. */
const operations: Readonly<Record<string, Operation>> = {
  Add: ({ tf, tensors: [a, b] }) => tf.add(a!, b!),
  Sub: ({ tf, tensors: [a, b] }) => tf.sub(a!, b!),
  Mul: ({ tf, tensors: [a, b] }) => tf.mul(a!, b!),
  Div: ({ tf, tensors: [a, b] }) => tf.div(a!, b!),
  Max: ({ tf, tensors: [a, b] }) => tf.maximum(a!, b!),
  Exp: ({ tf, tensors: [x] }) => tf.exp(x!),
  Sqrt: ({ tf, tensors: [x] }) => tf.sqrt(x!),
  Sigmoid: ({ tf, tensors: [x] }) => tf.sigmoid(x!),
  Softmax: ({ tf, tensors: [x] }) => tf.softmax(x!),
  ReduceL2: ({ tf, tensors: [x] }) => tf.sqrt(tf.sum(tf.square(x!))),
  ReduceSum: ({ tf, tensors: [x], integers, attributes }) => tf.sum(x!, [...integers], attributes.keepdims === 1),
  Reshape: ({ tf, tensors: [x], integers }) => tf.reshape(x!, [...integers]),
  Split: ({ tf, tensors: [x], integers, attributes }) => tf.split(x!, [...integers], Number(attributes.axis)),
};

/** Stands in for an ONNX graph: inputs are fed before they are named, and outputs have values. Use within `tf.tidy`. */
export class EagerGraph extends OnnxGraph {
  readonly #tf: Tfjs;
  readonly #tensors = new Map<OnnxValue, TfjsTensor>();
  readonly #integers = new Map<OnnxValue, readonly number[]>();

  constructor(tf: Tfjs, inputs: Readonly<Record<string, TfjsTensor>>) {
    super();
    this.#tf = tf;
    for (const [name, value] of Object.entries(inputs)) this.#tensors.set(name, value);
  }

  value(name: OnnxValue): TfjsTensor {
    const found = this.#tensors.get(name);
    if (!found) throw expected('engine-failed', 'a value that was computed', name);
    return found;
  }

  override input(name: string): OnnxValue {
    this.value(name);
    return name;
  }

  override output(name: string, value: OnnxValue): void {
    this.#tensors.set(name, this.value(value));
  }

  override constant(shape: Shape, data: Float32Array): OnnxValue {
    return this.#hold(this.#tf.tensor(data, [...shape]));
  }

  override integers(values: readonly number[]): OnnxValue {
    const name = `integers ${this.#integers.size}`;
    this.#integers.set(name, values);
    return name;
  }

  override ops(type: string, inputs: readonly OnnxValue[], attributes: OperationAttributes): OnnxValue[] {
    const operation = operations[type];
    if (!operation) {
      throw new NeurostitchError('engine-failed', `Expected an operation that the tfjs engine knows, got ${type}`);
    }
    const result = operation({
      tf: this.#tf,
      tensors: inputs.filter((name) => !this.#integers.has(name)).map((name) => this.value(name)),
      integers: inputs.flatMap((name) => this.#integers.get(name) ?? []),
      attributes,
    });
    return [result].flat().map((value) => this.#hold(value));
  }

  #hold(value: TfjsTensor): OnnxValue {
    const name = `value ${this.#tensors.size}`;
    this.#tensors.set(name, value);
    return name;
  }
}
