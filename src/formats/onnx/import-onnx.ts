// Turns an ONNX file, for example one that PyTorch has exported, into a network.
import { expected, NeurostitchError } from '../../errors.ts';
import type { DecodedTensor } from '../../engine/onnx/onnx-schema.ts';
import type { Network } from '../../network/network.ts';
import { validate } from '../../network/validate.ts';
import { NetworkDraft } from './network-draft.ts';
import { readOnnxFile, type OnnxFile, type OnnxOperator } from './onnx-file.ts';
import { OperatorCall, type TranslationState } from './operator-call.ts';
import { onnxFloat64, readConstant } from './read-constant.ts';
import { readInput, type ImportOptions } from './read-input.ts';
import { foldings, translations } from './translations/table.ts';
import type { Value } from './value.ts';

export type { ImportOptions } from './read-input.ts';

export interface ImportedNetwork {
  readonly network: Network;
  /** What a person should know: what was left out, rounded, or taken more generally. */
  readonly notes: readonly string[];
}

/**
 * The network in an ONNX file (operator set 7 or later) with one input, [batch, channels, height, width] or [batch,
 * features], and one output. Its input is named `input`, its layers by the file where the file's names are readable.
 *
 * Throws `bad-model`, naming the operator, for damaged files and for anything that no layer kind expresses; operators
 * that the output does not need may be of any type.
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions = {}): ImportedNetwork {
  const file = readOnnxFile(bytes);
  const notes = new Set<string>();
  const note = (text: string): void => void notes.add(text);
  const { shape, batch } = readInput(file.input, options);
  if (batch !== undefined) note(`The file takes batches of ${batch}; the network takes any`);
  const draft = new NetworkDraft();
  const { node } = draft.add('input', [], { shape }, {}, 'input');
  const values = new Map<string, Value>([[file.input.name, { type: 'layer', id: node.id, shape }]]);
  for (const stored of file.initializers) values.set(stored.name, initialValue(stored, note));
  const makers = new Map(file.operators.flatMap((operator) => operator.outputs.map((name) => [name, operator])));
  for (const operator of file.operators) {
    for (const [name, value] of outputsOf(operator, { draft, values, makers, batch, note })) {
      if (values.has(name))
        throw expected('bad-model', 'every value to be made once', `"${name}" twice`, operator.name);
      values.set(name, value);
    }
  }
  const network = draft.finish(outputLayer(file, values));
  requireValid(network);
  return { network, notes: [...notes] };
}

function initialValue(stored: DecodedTensor, note: (text: string) => void): Value {
  const value = orOpaque(() => readConstant(stored));
  if (stored.dataType === onnxFloat64) note('Weights were rounded from float64 to float32');
  return value;
}

/** The values of an operator's outputs, by name. Only the first one is ever more than an error to come. */
function outputsOf(operator: OnnxOperator, state: TranslationState): [string, Value][] {
  const call = new OperatorCall(operator, state);
  return operator.outputs.flatMap((name, index): [string, Value][] => {
    if (name === '') return [];
    if (index === 0) return [[name, orOpaque(() => translated(call))]];
    const error = call.refusal(`only the first output of ${operator.type} to be used`, name);
    return [[name, { type: 'opaque', error }]];
  });
}

/** What the operator makes, or the error that says why not: where an input is the cause, the input's. */
function translated(call: OperatorCall): Value {
  const { type, inputs } = call.operator;
  const values = inputs.filter((name) => name !== '').map((name) => call.value(name));
  const isStored = values.every((value) => value.type === 'constant' || value.type === 'sizes');
  const failed = values.filter((value) => value.type === 'opaque');
  const translation = (isStored ? foldings : translations).get(type);
  if (!translation) {
    const error = call.refusal('an operator that neurostitch knows', type);
    const cause = failed.find(({ isUnknown }) => isUnknown) ?? (foldings.has(type) ? failed[0] : undefined);
    return cause ?? { type: 'opaque', error, isUnknown: true };
  }
  const value = orOpaque(() => translation(call));
  return value.type === 'opaque' ? (failed[0] ?? value) : value;
}

function orOpaque(make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof NeurostitchError)) throw error;
    return { type: 'opaque', error };
  }
}

/** The id of the layer that the file's output is. */
function outputLayer({ output }: OnnxFile, values: ReadonlyMap<string, Value>): string {
  const value = values.get(output);
  if (value?.type === 'layer') return value.id;
  if (value?.type === 'opaque') throw value.error;
  throw expected('bad-model', 'an output that is computed from the input', value ? 'a constant' : 'none', output);
}

function requireValid(network: Network): void {
  try {
    validate(network);
  } catch (cause) {
    if (!(cause instanceof NeurostitchError)) throw cause;
    throw new NeurostitchError('bad-model', cause.message, {
      ...(cause.path !== undefined && { path: cause.path }),
      cause,
    });
  }
}
