// The one error type that neurostitch throws at its users.

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
  | 'out-exists';

/**
 * An error whose message a user can act on: "Expected ..., got ...", and where.
 *
 * `path` names the place: a file, a config key such as `budget.generations`, or a node id.
 */
export class NeurostitchError extends Error {
  override readonly name = 'NeurostitchError';
  readonly code: ErrorCode;
  readonly path: string | undefined;

  constructor(code: ErrorCode, message: string, options: { path?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.path = options.path;
  }
}

/** Builds the usual "Expected X, got Y (at path)" error. */
export function expected(code: ErrorCode, wanted: string, got: unknown, path?: string): NeurostitchError {
  const where = path === undefined ? '' : ` (at ${path})`;
  return new NeurostitchError(code, `Expected ${wanted}, got ${show(got)}${where}`, path === undefined ? {} : { path });
}

function show(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (value instanceof Error) return value.message;
  if (typeof value === 'object' && value !== null) {
    const text = JSON.stringify(value);
    return text.length > 120 ? `${text.slice(0, 117)}...` : text;
  }
  return String(value);
}
