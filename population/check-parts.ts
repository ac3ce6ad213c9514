// Checks what callers put into an evolution: plain JavaScript may hand over anything.
import { requireStitchTypes } from '../stitching/index.ts';
import { expected, Words } from '../src/errors.ts';
import { inputNode, outputNode, type Network, type NetworkNode } from '../src/network/network.ts';
import { rangesOf } from '../src/network/ranges-of.ts';
import { layersOf, outputShape } from '../src/network/shapes.ts';
import { sameShape, type Shape, type Tensor } from '../src/network/tensor.ts';
import { validate } from '../src/network/validate.ts';
import type { TrainedNetwork, TrainingState } from '../src/training/training-state.ts';
import type { Evaluated, Success } from './candidate.ts';
import type { Validation } from './evaluation/job.ts';
import type { EvolutionParts } from './evolution-parts.ts';
import type { NamedNetwork } from './first-population.ts';
import { objectives as builtIn } from './objectives/built-in.ts';
import type { EvaluationObjective } from './objectives/objective.ts';
import type { Compute } from './run/journal-events.ts';
import type { Selection } from './selection/selection.ts';

/** What networks are for: samples of one shape, without the batch axis, and so many classes. */
export interface Problem {
  readonly shape: Shape;
  readonly classes: number;
}

/** Throws `bad-argument` for what is no problem. */
export function requireProblem(problem: Problem): void {
  const { shape, classes } = fieldsOf<Problem>(problem);
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw expected('bad-argument', 'the shape of a sample', shape, 'problem.shape');
  if (!isCount(classes)) throw expected('bad-argument', 'a number of classes', classes, 'problem.classes');
}

/** What each kind of part must be: something with a name, these functions, and whatever else is checked. */
const plugIns: readonly {
  readonly part: keyof EvolutionParts;
  readonly noun: string;
  readonly functions: readonly string[];
  readonly check?: (fields: Readonly<Record<string, unknown>>, place: string) => void;
}[] = [
  { part: 'operators', noun: 'an operator', functions: ['sites', 'apply'] },
  { part: 'objectives', noun: 'an objective', functions: ['measure'], check: requireObjective },
  { part: 'selections', noun: 'a selection', functions: ['parents', 'accept', 'survivors'], check: requireSelection },
  { part: 'stop', noun: 'a stopping rule', functions: ['shouldStop'] },
];

/** Throws `bad-argument` for parts that are not what they are called, `bad-network` for first networks built otherwise. */
export function requireParts(parts: EvolutionParts): void {
  const all: unknown = parts;
  if (!isRecord(all)) throw expected('bad-argument', 'an object with parts', all, 'parts');
  for (const { part, noun, functions, check } of plugIns) {
    const given = all[part];
    if (given === undefined) continue;
    requireList(given, part);
    const names = new Set<unknown>();
    for (const [index, entry] of given.entries()) {
      const fields = fieldsOf<Record<string, unknown>>(entry);
      const { name } = fields;
      const place = `${part}.${index}`;
      if (typeof name !== 'string' || name === '') throw expected('bad-argument', `${noun} with a name`, name, place);
      if (names.has(name)) throw expected('bad-argument', `${noun} with a name of its own`, name, place);
      names.add(name);
      if (!functions.every((key) => typeof fields[key] === 'function'))
        throw expected('bad-argument', `${noun} with ${listed(functions)}`, new Words(`"${name}"`), place);
      check?.(fields, place);
    }
  }
  if (parts.stitchTypes !== undefined) requireStitchTypes(parts.stitchTypes, 'stitchTypes');
  if (parts.first !== undefined) requireNamed(parts.first, 'first', 'a first network');
}

function requireObjective(
  { name, title, goal, ideal, of, reference, unit }: Partial<Record<keyof EvaluationObjective, unknown>>,
  place: string,
): void {
  // Values are kept by name, and that name is no key of its own.
  if (name === '__proto__' || builtIn.some((objective) => objective.name === name))
    throw expected('bad-argument', 'an objective with a name that no built-in one has', name, place);
  if (typeof title !== 'string' || title === '')
    throw expected('bad-argument', 'an objective with a title', title, `${place}.title`);
  if (goal !== 'minimise' && goal !== 'maximise')
    throw expected('bad-argument', '"minimise" or "maximise"', goal, `${place}.goal`);
  if (of !== 'network' && of !== 'evaluation')
    throw expected('bad-argument', '"network" or "evaluation"', of, `${place}.of`);
  if (!Number.isFinite(ideal)) throw expected('bad-argument', 'a finite ideal', ideal, `${place}.ideal`);
  if (unit !== undefined && typeof unit !== 'string')
    throw expected('bad-argument', 'a unit as text, or nothing', unit, `${place}.unit`);
  if (reference === undefined) return;
  const distance = Number.isFinite(reference) ? Number(reference) - Number(ideal) : NaN;
  if (!(goal === 'minimise' ? distance > 0 : distance < 0))
    throw expected('bad-argument', 'a finite reference worse than the ideal', reference, `${place}.reference`);
}

function requireSelection({ proposals }: Partial<Record<keyof Selection, unknown>>, place: string): void {
  if (!isCount(proposals))
    throw expected('bad-argument', 'a whole number of proposals, 1 or more', proposals, `${place}.proposals`);
}

/** Throws `bad-network` for a network that does not fit the problem. */
export function requireFirst(first: readonly NamedNetwork[], problem: Problem): void {
  for (const { name, network } of first) requireFit(name, network, problem);
}

/** Throws `bad-argument` for what is no list of networks with names, `bad-network` for one that is not built of nodes. */
export function requireNamed(networks: unknown, part: string, noun: string): asserts networks is NamedNetwork[] {
  requireList(networks, part);
  for (const [index, entry] of networks.entries()) {
    const { name, network } = fieldsOf<NamedNetwork>(entry);
    const place = `${part}.${index}`;
    if (typeof name !== 'string' || name === '') throw expected('bad-argument', `${noun} with a name`, name, place);
    if (!isNetwork(network)) throw expected('bad-argument', `${noun} with nodes`, network, place);
    requireNodes(network, place);
  }
}

/**
 * The child that an operator answers with, or undefined for a refusal. Throws `bad-argument` for any other answer,
 * `bad-network` for a child that is not built as a trained network.
 */
export function childOf(answer: unknown, operator: string): TrainedNetwork | undefined {
  const { child, refusal } = fieldsOf<{ child: unknown; refusal: unknown }>(answer);
  if (refusal !== undefined) return undefined;
  if (child === undefined) throw expected('bad-argument', 'a child or a refusal', answer, operator);
  requireTrained(child, `${operator}.child`);
  return child;
}

/** Throws `bad-network` for what is not built as a trained network; whether it is a good one, `validate` says. */
function requireTrained(trained: unknown, place: string): asserts trained is TrainedNetwork {
  const { network, state } = fieldsOf<TrainedNetwork>(trained);
  if (!isNetwork(network)) throw expected('bad-network', 'a network with nodes', network, `${place}.network`);
  requireNodes(network, `${place}.network`);
  const { moments } = fieldsOf<TrainingState>(state);
  const at = `${place}.state.moments`;
  for (const [id, byName] of entriesOf(moments, 'moments by node', at))
    for (const [name, own] of entriesOf(byName, 'moments by parameter', `${at}.${id}`))
      requireTensors(own, `${at}.${id}.${name}`);
}

function requireNodes({ nodes }: { readonly nodes: readonly unknown[] }, place: string): void {
  for (const [index, node] of nodes.entries()) {
    const { id, kind, inputs, params } = fieldsOf<NetworkNode>(node);
    const at = `${place}.nodes.${index}`;
    if (typeof id !== 'string') throw expected('bad-network', 'a node with an id', id, at);
    if (typeof kind !== 'string') throw expected('bad-network', 'a node with a kind', kind, at);
    if (!(Array.isArray(inputs) && inputs.every((input) => typeof input === 'string')))
      throw expected('bad-network', 'a list of node ids', inputs, `${at}.inputs`);
    requireTensors(params, `${at}.params`);
  }
}

function requireTensors(tensors: unknown, place: string): void {
  for (const [name, value] of entriesOf(tensors, 'tensors by name', place)) {
    const { shape, data } = fieldsOf<Tensor>(value);
    const at = `${place}.${name}`;
    if (!(Array.isArray(shape) && shape.every(Number.isSafeInteger)))
      throw expected('bad-network', 'a tensor with a shape', shape, at);
    // A list of numbers would do in most places, but all lists have one hash.
    if (!(data instanceof Float32Array))
      throw expected('bad-network', 'a Float32Array', new Words(Object.prototype.toString.call(data)), `${at}.data`);
  }
}

function entriesOf(value: unknown, wanted: string, place: string): [string, unknown][] {
  if (!isRecord(value)) throw expected('bad-network', wanted, value, place);
  return Object.entries(value);
}

/** Throws `bad-argument` for numbers that no evaluation gives, `bad-network` for a network that does not validate. */
export function requireEvaluated(evaluated: Evaluated, id: string): void {
  const fields = fieldsOf<{ failure: string; spent: Compute } & Success>(evaluated);
  if ('failure' in fields) {
    if (typeof fields.failure !== 'string') throw expected('bad-argument', 'a failure in words', fields.failure, id);
    if (fields.spent === undefined) return;
    const { samples, trainingMacs, evaluationMacs } = fieldsOf<Compute>(fields.spent);
    requireCounts({ samples, trainingMacs, evaluationMacs }, id);
    return;
  }
  const { trained, fit, mistakes, samplesSeen } = fields;
  if (!isNetwork(fieldsOf<TrainedNetwork>(trained).network))
    throw expected('bad-argument', 'the trained network, or a failure', trained, id);
  requireTrained(trained, id);
  validate(trained.network);
  const { error, loss, samples } = fieldsOf<Validation>(fields.validation);
  if (!(typeof error === 'number' && error >= 0 && error <= 1))
    throw expected('bad-argument', 'a validation error from 0 to 1', error, id);
  if (!Number.isFinite(loss)) throw expected('bad-argument', 'a finite validation loss', loss, id);
  if (!isCount(samples)) throw expected('bad-argument', 'a number of validation samples', samples, id);
  const isNext = (at: unknown, place: number, all: readonly unknown[]): boolean =>
    Number.isSafeInteger(at) && (at as number) > (place === 0 ? -1 : (all[place - 1] as number));
  if (!(Array.isArray(mistakes) && mistakes.length <= (samples as number) && mistakes.every(isNext)))
    throw expected('bad-argument', 'positions as mistakes, ascending, no more than samples', mistakes, id);
  if (!(Array.isArray(fit) && fit.every(Number.isFinite)))
    throw expected('bad-argument', 'a list of finite numbers as fit', fit, id);
  const { training, evaluation } = fieldsOf<Success['macs']>(fields.macs);
  requireCounts({ samplesSeen, 'macs.training': training, 'macs.evaluation': evaluation }, id);
}

function requireCounts(counts: Readonly<Record<string, unknown>>, id: string): void {
  for (const [name, count] of Object.entries(counts)) {
    if (!(Number.isSafeInteger(count) && (count as number) >= 0))
      throw expected('bad-argument', `a whole number, 0 or more, as ${name}`, count, id);
  }
}

function isCount(size: unknown): boolean {
  return Number.isSafeInteger(size) && (size as number) > 0;
}

function isNetwork(value: unknown): value is { readonly nodes: readonly unknown[] } {
  return Array.isArray(fieldsOf<Network>(value).nodes);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function requireList(value: unknown, name: string): asserts value is unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw expected('bad-argument', `a list of at least one, or nothing for the default`, value, name);
}

function listed(functions: readonly string[]): string {
  return functions.length === 1 ? `a function ${functions[0]!}` : `functions ${functions.join(', ')}`;
}

/** What there is of an object's fields; of what is none, nothing. */
function fieldsOf<T>(value: unknown): { readonly [K in keyof T]?: unknown } {
  return typeof value === 'object' && value !== null ? value : {};
}

/** Throws `bad-network` unless a network fits samples and classes, and ends in logits. */
export function requireFit(name: string, network: Network, { shape, classes }: Problem): void {
  validate(network);
  const input = layersOf(network).get(inputNode(network).id)!.output;
  if (!sameShape(input, shape)) throw expected('bad-network', `samples of shape [${shape.join(', ')}]`, input, name);
  const output = outputShape(network);
  if (!sameShape(output, [classes])) throw expected('bad-network', `${classes} outputs, one a class`, output, name);
  const { low, high } = rangesOf(network).get(outputNode(network).id)!;
  if (low >= 0 && high <= 1) {
    throw expected(
      'bad-network',
      'logits as output (the loss applies softmax itself)',
      new Words('outputs within 0 to 1'),
      name,
    );
  }
}
