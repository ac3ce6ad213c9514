// The one error type that neurostitch throws at its users.
import { nearestName } from './nearest-name.ts';

/** What went wrong, for programs to branch on. */
export type ErrorCode =
  | 'bad-argument'
  | 'bad-config'
  | 'bad-data'
  | 'bad-model'
  | 'bad-network'
  | 'bad-run'
  | 'engine-failed'
  | 'evaluation-failed'
  | 'interrupted'
  | 'not-found'
  | 'out-exists'
  | 'system-failed';

/**
 * An error whose message a user can act on: "Expected ..., got ...", and where.
 *
 * `path` names the place: a file, a config key such as `budget.generations`, or a node id.
 */
export class NeurostitchError extends Error {
  override readonly name = 'NeurostitchError';
  /** For programs to branch on. */
  readonly code: ErrorCode;
  /** The place: a file, a config key or a node id; undefined where there is none. */
  readonly path: string | undefined;

  constructor(code: ErrorCode, message: string, options: { path?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.path = options.path;
  }
}

/** Tells `expected` in words what came, where there is no value to show: nothing, or a folder in place of a file. */
export class Words {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Builds the usual "Expected X, got Y (at path)" error; an error that came becomes its cause. Where one of the `known`
 * names looks like what was meant, it is suggested.
 */
export function expected(
  code: ErrorCode,
  wanted: string,
  got: unknown,
  path?: string,
  known: readonly string[] = [],
): NeurostitchError {
  const where = path === undefined ? '' : ` (at ${path})`;
  const nearest = typeof got === 'string' ? nearestName(got, known) : undefined;
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return new NeurostitchError(
    code,
    `Expected ${wanted}, got ${show(got === undefined ? new Words('nothing') : got)}${where}${hint}`,
    {
      ...(path !== undefined && { path }),
      ...(got instanceof Error && { cause: got }),
    },
  );
}

/** What was thrown, in words: code of others may throw anything. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  try {
    return String(thrown);
  } catch {
    return 'something that cannot be put into words';
  }
}

/** What no other path would mend. */
const systemFaults: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM']);

/**
 * An error of the operating system as a NeurostitchError about `path`: `system-failed` for a full disk and the like,
 * else `bad-argument`. Other errors stay as they are. `wanted` says what the path should have been.
 */
export function ofSystem(error: unknown, path: string, wanted = 'a place that can be written to'): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  const code = systemFaults.has(error.code) ? 'system-failed' : 'bad-argument';
  return expected(code, wanted, error, path);
}

/** What JSON cannot hold, such as circles, is named by its kind alone. */
function inJson(value: object): string {
  const kind = Object.prototype.toString.call(value);
  try {
    const text: unknown = JSON.stringify(value);
    return typeof text === 'string' ? text : kind;
  } catch {
    return kind;
  }
}

function show(value: unknown): string {
  if (value instanceof Words) return value.text;
  if (typeof value === 'string') return `"${value}"`;
  // Of an error of the system, Node's text goes on with the call and the path.
  if (value instanceof Error) return 'syscall' in value ? value.message.split(',')[0]! : value.message;
  if (typeof value === 'object' && value !== null) {
    const text = inJson(value);
    return text.length > 120 ? `${text.slice(0, 117)}...` : text;
  }
  return String(value);
}
