// The error for a file that is no network of ours: it names every operator that is in the way.
import { NeurostitchError } from '../../errors.ts';
import type { OnnxFile, OnnxOperator } from './onnx-file.ts';
import type { Value } from './value.ts';

/** Why an operator could not be translated, whatever its inputs are. */
export interface Fault {
  readonly error: NeurostitchError;
  /** Whether operators of its type never can be. */
  readonly isUnknown: boolean;
}
export type Faults = ReadonlyMap<OnnxOperator, Fault>;

/** More would not help a person. */
const mostNamed = 20;

/** What is in the way of a file's output, which must be opaque; a single obstacle by its own error. */
export function untranslated(file: OnnxFile, values: ReadonlyMap<string, Value>, faults: Faults): NeurostitchError {
  const obstacles = obstaclesOf(file, values, faults);
  const [first, ...others] = obstacles.map(({ error }) => error);
  if (others.length === 0) return first!;
  const rest = obstacles.length > mostNamed ? `; and ${obstacles.length - mostNamed} more` : '';
  const message = `Expected operators that neurostitch knows, got ${obstacles.slice(0, mostNamed).map(nameOf).join('; ')}${rest}`;
  return new NeurostitchError('bad-model', message, first!.path === undefined ? {} : { path: first!.path });
}

interface Obstacle extends Fault {
  /** Undefined for a stored tensor that could not be read. */
  readonly operator: OnnxOperator | undefined;
}

/** Goes back from the output along everything that was not translated; operators in the file's order. */
function obstaclesOf({ operators, output }: OnnxFile, values: ReadonlyMap<string, Value>, faults: Faults): Obstacle[] {
  const makers = new Map(operators.flatMap((operator) => operator.outputs.map((name) => [name, operator])));
  const atFault = new Map<OnnxOperator, Fault>();
  const stored: Obstacle[] = [];
  const seen = new Set([output]);
  // A set hands out what is added to it while it is being gone through.
  for (const name of seen) {
    const value = values.get(name);
    if (value?.type !== 'opaque') continue;
    const own = { error: value.error, isUnknown: false };
    const operator = makers.get(name);
    if (!operator) stored.push({ operator, ...own });
    else {
      const causes = operator.inputs.filter((input) => values.get(input)?.type === 'opaque');
      const fault = faults.get(operator) ?? (causes.length === 0 ? own : undefined);
      if (fault) atFault.set(operator, fault);
      for (const cause of causes) seen.add(cause);
    }
  }
  const ordered = operators.filter((operator) => atFault.has(operator));
  return [...ordered.map((operator) => ({ operator, ...atFault.get(operator)! })), ...stored];
}

function nameOf({ operator, error, isUnknown }: Obstacle): string {
  if (!operator) return error.message;
  const { type, name } = operator;
  return isUnknown
    ? `${type} (at node ${name})`
    : `${type} (at node ${name}: ${error.message.replace(` (at node ${name})`, '')})`;
}
