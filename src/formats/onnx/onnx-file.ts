// Reads the bytes of an ONNX file into its one input, its one output, its weights and its operators.
import { expected, Words } from '../../errors.ts';
import {
  decodeModel,
  type DecodedAttribute,
  type DecodedModel,
  type DecodedTensor,
  type DecodedValueInfo,
} from '../../engine/onnx/onnx-schema.ts';
import { checkMessageCount } from './message-count.ts';

/** One operator in place. */
export interface OnnxOperator {
  /** The name in the file, or one made up where the file has none. */
  readonly name: string;
  /** The operator's type, with its domain where that is not ONNX's own: `Conv`, `com.microsoft.FusedConv`. */
  readonly type: string;
  /** Names of values; empty for an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, DecodedAttribute>;
}

/** A file with one input and one output. */
export interface OnnxFile {
  readonly input: DecodedValueInfo;
  readonly output: string;
  /** The version of ONNX's operators. */
  readonly opset: number;
  readonly initializers: readonly DecodedTensor[];
  /** In topological order, as ONNX demands. */
  readonly operators: readonly OnnxOperator[];
}

/** Before it, Add, Mul and Gemm broadcast by other rules. Source: the ONNX changelog, operator set 7. */
const oldestOpset = 7;

/**
 * Throws `bad-model` for bytes that are no ONNX file, for an old one, for one of too many parts, and for more than one
 * input or output.
 */
export function readOnnxFile(bytes: Uint8Array): OnnxFile {
  checkMessageCount(bytes);
  const { graph, opsetImport } = decodeModel(bytes);
  if (!graph) throw expected('bad-model', 'an ONNX file with a graph', new Words('none'));
  const opset = opsetImport.find(({ domain }) => isOwnDomain(domain));
  if (!opset || opset.version < oldestOpset) {
    throw expected('bad-model', `ONNX operator set ${oldestOpset} or later`, opset?.version ?? new Words('none'));
  }
  const weights = new Set<string>();
  for (const { name } of graph.initializer) {
    if (weights.has(name)) throw expected('bad-model', 'every weight once', new Words(`${name} twice`));
    weights.add(name);
  }
  // Old files list the weights among the inputs too.
  const inputs = graph.input.filter(({ name }) => !weights.has(name));
  if (inputs.length !== 1) throw expected('bad-model', 'a model with one input', namesOf(inputs));
  if (graph.output.length !== 1) throw expected('bad-model', 'a model with one output', namesOf(graph.output));
  return {
    input: inputs[0]!,
    output: graph.output[0]!.name,
    opset: opset.version,
    initializers: graph.initializer,
    operators: graph.node.map(operatorOf),
  };
}

function operatorOf(
  { name, opType, domain, input, output, attribute }: NonNullable<DecodedModel['graph']>['node'][number],
  index: number,
): OnnxOperator {
  return {
    name: name || output[0] || `number ${index + 1}`,
    type: isOwnDomain(domain) ? opType : `${domain}.${opType}`,
    inputs: input,
    outputs: output,
    attributes: new Map(attribute.map((own) => [own.name, own])),
  };
}

function isOwnDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

function namesOf(values: readonly DecodedValueInfo[]): Words {
  return new Words(values.length === 0 ? 'none' : values.map(({ name }) => name).join(', '));
}
