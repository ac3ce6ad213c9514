// Turns an ONNX file, for example one that PyTorch has exported, into a network.
import { expected, NeurostitchError, Words } from '../../errors.ts';
import type { DecodedTensor } from '../../engine/onnx/onnx-schema.ts';
import type { Network } from '../../network/network.ts';
import { validate } from '../../network/validate.ts';
import { Budget } from './budget.ts';
import { NetworkDraft } from './network-draft.ts';
import { readOnnxFile, type OnnxFile, type OnnxOperator } from './onnx-file.ts';
import { OperatorCall, type TranslationState } from './operator-call.ts';
import { onnxFloat64, readConstant } from './read-constant.ts';
import { readInput, type ImportOptions } from './read-input.ts';
import { foldings, translations } from './translations/table.ts';
import { untranslated, type Fault, type Faults } from './untranslated.ts';
import { isStored, type Value } from './value.ts';

export type { ImportOptions } from './read-input.ts';

/** What an ONNX file came to. */
export interface ImportedNetwork {
  readonly network: Network;
  /** What a person should know: what was rounded, or taken more generally. */
  readonly notes: readonly string[];
}

/**
 * The network in an ONNX file (operator set 7 or later) with one input, [batch, channels, height, width] or [batch,
 * features], and one output. Its input is named `input`, its layers by the file where the file's names are readable.
 *
 * Throws `bad-model` for damaged files, and for operators that no layer kind expresses: the error names them all.
 * Operators that the output does not need may be of any type.
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions = {}): ImportedNetwork {
  const file = readOnnxFile(bytes);
  const { opset } = file;
  const notes = new Set<string>();
  const note = (text: string): void => void notes.add(text);
  const { shape, batch } = readInput(file.input, options);
  if (batch !== undefined) note(`The file takes batches of ${batch}; the network takes any`);
  const budget = new Budget(bytes.length);
  const draft = new NetworkDraft(budget);
  const { node } = draft.add('input', [], { shape }, {}, 'input');
  const values = new Map<string, Value>([[file.input.name, { type: 'layer', id: node.id, shape }]]);
  for (const stored of file.initializers) values.set(stored.name, initialValue(stored, note));
  const makers = new Map(file.operators.flatMap((operator) => operator.outputs.map((name) => [name, operator])));
  const faults = new Map<OnnxOperator, Fault>();
  for (const operator of file.operators) {
    for (const [name, value] of outputsOf(operator, { draft, values, makers, batch, opset, budget, note }, faults)) {
      if (values.has(name))
        throw expected('bad-model', 'every value to be made once', new Words(`"${name}" twice`), operator.name);
      values.set(name, value);
    }
  }
  const network = draft.finish(outputLayer(file, values, faults));
  requireValid(network);
  return { network, notes: [...notes] };
}

function initialValue(stored: DecodedTensor, note: (text: string) => void): Value {
  if (stored.dataType === onnxFloat64) note('Weights were rounded from float64 to float32');
  return orOpaque(() => readConstant(stored), true);
}

/** The values of an operator's outputs, by name. Only the first one is ever more than an error to come. */
function outputsOf(
  operator: OnnxOperator,
  state: TranslationState,
  faults: Map<OnnxOperator, Fault>,
): [string, Value][] {
  const call = new OperatorCall(operator, state);
  const first = translated(call, faults);
  return operator.outputs.flatMap((name, index): [string, Value][] => {
    if (name === '') return [];
    if (index === 0 || first.type === 'opaque') return [[name, first]];
    const error = call.refusal(`only the first output of ${operator.type} to be used`, name);
    return [[name, { type: 'opaque', error, isStored: false }]];
  });
}

/** What the operator makes, or the error that says why not: where an input is the cause, the input's. */
function translated(call: OperatorCall, faults: Map<OnnxOperator, Fault>): Value {
  const { operator } = call;
  const named = operator.inputs.filter((name) => name !== '');
  const values = named.filter((name) => call.has(name)).map((name) => call.value(name));
  const isFolded = values.every(isStored);
  const translation = (isFolded ? foldings : translations).get(operator.type);
  const value = orOpaque(() => {
    if (!translation) throw call.refusal('an operator that neurostitch knows', operator.type);
    named.forEach((name) => call.value(name));
    return translation(call);
  }, isFolded);
  if (value.type !== 'opaque') return value;
  const cause = values.length < named.length ? undefined : values.find((input) => input.type === 'opaque');
  if (!translation || !cause) faults.set(operator, { error: value.error, isUnknown: !translation });
  return cause ? { ...cause, isStored: isFolded } : value;
}

function orOpaque(make: () => Value, isStored: boolean): Value {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof NeurostitchError)) throw error;
    return { type: 'opaque', error, isStored };
  }
}

/** The id of the layer that the file's output is. */
function outputLayer(file: OnnxFile, values: ReadonlyMap<string, Value>, faults: Faults): string {
  const value = values.get(file.output);
  if (value?.type === 'layer') return value.id;
  if (value?.type === 'opaque') throw untranslated(file, values, faults);
  const found = value?.type === 'padded' ? 'padding' : value ? 'a constant' : 'none';
  throw expected('bad-model', 'an output that is computed from the input', new Words(found), file.output);
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
