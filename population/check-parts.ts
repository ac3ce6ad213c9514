// Checks what callers put into an evolution: plain JavaScript may hand over anything.
import type { Operator } from '../operators/index.ts';
import { expected, Words } from '../src/errors.ts';
import { inputNode, outputNode, type Network } from '../src/network/network.ts';
import { rangesOf } from '../src/network/ranges-of.ts';
import { layersOf, outputShape } from '../src/network/shapes.ts';
import { sameShape, type Shape } from '../src/network/tensor.ts';
import { validate } from '../src/network/validate.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import type { Evaluated } from './candidate.ts';
import type { NamedNetwork } from './first-population.ts';

/** What networks are for: samples of one shape, without the batch axis, and so many classes. */
export interface Problem {
  readonly shape: Shape;
  readonly classes: number;
}

/** Throws `bad-argument` for what is no problem. */
export function requireProblem(problem: Problem): void {
  const { shape, classes } = fieldsOf<Problem>(problem);
  const isCount = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) > 0;
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw expected('bad-argument', 'the shape of a sample', shape, 'problem.shape');
  if (!isCount(classes)) throw expected('bad-argument', 'a number of classes', classes, 'problem.classes');
}

/** Throws `bad-argument` for anything but a list of at least one operator. */
export function requireOperators(operators: readonly Operator[]): void {
  requireList(operators, 'operators');
  for (const [index, operator] of operators.entries()) {
    const { name, sites, apply } = fieldsOf<Operator>(operator);
    const place = `operators.${index}`;
    if (typeof name !== 'string' || name === '') throw expected('bad-argument', 'an operator with a name', name, place);
    if (typeof sites !== 'function' || typeof apply !== 'function')
      throw expected('bad-argument', 'an operator with functions sites and apply', new Words(`"${name}"`), place);
  }
}

/** Throws `bad-argument` for no list of named networks, `bad-network` for a network that does not fit the problem. */
export function requireFirst(first: readonly NamedNetwork[], problem: Problem): void {
  requireList(first, 'first');
  for (const [index, entry] of first.entries()) {
    const { name, network } = fieldsOf<NamedNetwork>(entry);
    const place = `first.${index}`;
    if (typeof name !== 'string' || name === '')
      throw expected('bad-argument', 'a first network with a name', name, place);
    if (!isNetwork(network)) throw expected('bad-argument', 'a first network with nodes', network, place);
    requireFit(name, entry.network, problem);
  }
}

/** Throws `bad-argument` for numbers that no evaluation gives. */
export function requireEvaluated(evaluated: Evaluated, id: string): void {
  const fields = fieldsOf<{ failure: string } & Exclude<Evaluated, { failure: string }>>(evaluated);
  if (fields.failure !== undefined) {
    if (typeof fields.failure !== 'string') throw expected('bad-argument', 'a failure in words', fields.failure, id);
    return;
  }
  const { trained, fit, samplesSeen } = fields;
  if (!isNetwork(fieldsOf<TrainedNetwork>(trained).network))
    throw expected('bad-argument', 'the trained network, or a failure', trained, id);
  const { error, loss } = fieldsOf<{ error: number; loss: number }>(fields.validation);
  if (!(typeof error === 'number' && error >= 0 && error <= 1))
    throw expected('bad-argument', 'a validation error from 0 to 1', error, id);
  if (!Number.isFinite(loss)) throw expected('bad-argument', 'a finite validation loss', loss, id);
  if (!(Array.isArray(fit) && fit.every(Number.isFinite)))
    throw expected('bad-argument', 'a list of finite numbers as fit', fit, id);
  if (!(Number.isSafeInteger(samplesSeen) && (samplesSeen as number) >= 0))
    throw expected('bad-argument', 'a whole number, 0 or more, of samples seen', samplesSeen, id);
}

function isNetwork(value: unknown): boolean {
  return Array.isArray(fieldsOf<Network>(value).nodes);
}

function requireList(value: unknown, name: string): void {
  if (!Array.isArray(value) || value.length === 0)
    throw expected('bad-argument', `a list of at least one, or nothing for the default`, value, name);
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
