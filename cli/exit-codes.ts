// What the process tells the shell when it ends.
import type { ErrorCode } from '../src/errors.ts';

export const exitCodes = {
  failed: 1,
  /** The user can mend it by giving something else. */
  usage: 2,
  /** After Ctrl-C, as shells have it: 128 + SIGINT. */
  interrupted: 130,
} as const;

const byErrorCode: Readonly<Record<ErrorCode, number>> = {
  'bad-argument': exitCodes.usage,
  'bad-config': exitCodes.usage,
  'bad-data': exitCodes.usage,
  'bad-model': exitCodes.usage,
  'bad-network': exitCodes.usage,
  'bad-run': exitCodes.usage,
  'engine-failed': exitCodes.failed,
  'evaluation-failed': exitCodes.failed,
  interrupted: exitCodes.interrupted,
  'not-found': exitCodes.usage,
  'out-exists': exitCodes.usage,
  'system-failed': exitCodes.failed,
};

export function exitCodeOf(code: ErrorCode): number {
  return byErrorCode[code];
}
