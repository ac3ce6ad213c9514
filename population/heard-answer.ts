// Answers of other people's code, which may be promises where values are asked for.

/** The answer as it is. Whoever reads it refuses a promise; that it is rejected later is not to end the process. */
export function heard<T>(answer: T): T {
  if (answer instanceof Promise) answer.catch(() => undefined);
  return answer;
}
