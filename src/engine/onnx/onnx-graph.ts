// Builds one ONNX graph, node by node, and encodes it.
import type { Shape } from '../../network/tensor.ts';
import { encodeModel } from './onnx-schema.ts';

/** The name of a value in the graph. */
export type OnnxValue = string;

type OnnxAttribute = number | string | readonly number[];
type OnnxAttributes = Readonly<Record<string, OnnxAttribute | FloatAttribute>>;

/** A size, or the name of an axis that is left open. */
export type OnnxDimension = number | string;

/** Numbers of TensorProto.DataType of the ONNX specification. */
export const elementTypes = { float: 1, int64: 7 } as const;
const opset = 20;

/** NodeProto of the ONNX specification. */
interface OnnxNode {
  readonly opType: string;
  readonly name: string;
  readonly input: readonly OnnxValue[];
  readonly output: readonly OnnxValue[];
  readonly attribute?: readonly object[];
}

/** An integer attribute is written as a number; say `float(0.5)` for a float one, since 1 could be either. */
export interface FloatAttribute {
  readonly float: number;
}

export function float(value: number): FloatAttribute {
  return { float: value };
}

/** An operation as it was added. */
export interface OnnxOperation {
  readonly name: string;
  readonly type: string;
  readonly attributes: OnnxAttributes;
  readonly outputs: number;
}

/** An ONNX graph under construction. Every operation returns the name of its output; shapes include the batch axis. */
export class OnnxGraph {
  readonly #nodes: OnnxNode[] = [];
  readonly #operations: OnnxOperation[] = [];
  readonly #initializers: object[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  readonly #scalars = new Map<string, OnnxValue>();
  /** What operations made -> its name as an output of the graph, if it has one. */
  readonly #made = new Map<OnnxValue, string | undefined>();
  #count = 0;

  /** A graph input of float values. */
  input(name: string, shape: readonly OnnxDimension[]): OnnxValue {
    this.#inputs.push(valueInfo(name, shape));
    return name;
  }

  /** Makes a value an output of the graph under the given name. */
  output(name: string, value: OnnxValue, shape: readonly OnnxDimension[]): void {
    this.#outputs.push(valueInfo(name, shape));
    // What an operation made is written there at once; a copy is for inputs, constants, and what has a name already.
    if (this.#made.has(value) && this.#made.get(value) === undefined) this.#made.set(value, name);
    else this.#nodes.push({ opType: 'Identity', name: `output/${name}`, input: [value], output: [name] });
  }

  /** An operation with one output. An empty name among the inputs means "left out". */
  op(type: string, inputs: readonly OnnxValue[], attributes: OnnxAttributes = {}): OnnxValue {
    return this.ops(type, inputs, attributes, 1)[0]!;
  }

  /** An operation with several outputs. */
  ops(type: string, inputs: readonly OnnxValue[], attributes: OnnxAttributes, outputs: number): OnnxValue[] {
    const name = this.#name(type);
    const values = Array.from({ length: outputs }, (_, index) => `${name}:${index}`);
    for (const value of values) this.#made.set(value, undefined);
    this.#operations.push({ name, type, attributes, outputs });
    this.#nodes.push({
      opType: type,
      name,
      input: inputs,
      output: values,
      attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    });
    return values;
  }

  /** Constant float values. */
  constant(shape: Shape, data: Float32Array): OnnxValue {
    const name = this.#name('constant');
    this.#initializers.push(initializer(name, shape, elementTypes.float, data));
    return name;
  }

  /** A constant float without axes. */
  scalar(value: number): OnnxValue {
    return this.#once(`float ${value}`, () => this.constant([], Float32Array.of(value)));
  }

  /** A constant list of integers (shapes, axes, sizes). */
  integers(values: readonly number[]): OnnxValue {
    return this.#once(`ints ${values.join()}`, () => {
      const name = this.#name('integers');
      const data = BigInt64Array.from(values, BigInt);
      this.#initializers.push(initializer(name, [values.length], elementTypes.int64, data));
      return name;
    });
  }

  /** The same values in another shape. */
  reshape(value: OnnxValue, shape: Shape): OnnxValue {
    return this.op('Reshape', [value, this.integers(shape)]);
  }

  /** Sums over the given axes. */
  sum(value: OnnxValue, axes: readonly number[], keepAxes: boolean): OnnxValue {
    return this.op('ReduceSum', [value, this.integers(axes)], { keepdims: keepAxes ? 1 : 0 });
  }

  /** All operations so far, in order. */
  get operations(): readonly OnnxOperation[] {
    return this.#operations;
  }

  /** The ONNX file. */
  encode(): Uint8Array {
    const named = (values: readonly OnnxValue[]): OnnxValue[] => values.map((value) => this.#made.get(value) ?? value);
    return encodeModel({
      irVersion: 9,
      producerName: 'neurostitch',
      opsetImport: [{ domain: '', version: opset }],
      graph: {
        name: 'network',
        node: this.#nodes.map((node) => ({ ...node, input: named(node.input), output: named(node.output) })),
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    });
  }

  #name(stem: string): string {
    this.#count += 1;
    return `${stem}_${this.#count}`;
  }

  #once(key: string, make: () => OnnxValue): OnnxValue {
    let value = this.#scalars.get(key);
    if (value === undefined) {
      value = make();
      this.#scalars.set(key, value);
    }
    return value;
  }
}

function valueInfo(name: string, shape: readonly OnnxDimension[]): object {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes.float, shape: { dim } } } };
}

function initializer(name: string, shape: Shape, dataType: number, data: Float32Array | BigInt64Array): object {
  return { name, dims: shape, dataType, rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

// The numbers are AttributeProto.AttributeType of the ONNX specification.
function attribute(name: string, value: OnnxAttribute | FloatAttribute): object {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: value };
}
