// Hears Ctrl-C and SIGTERM: the first asks the work to end, the second ends the process at once.

/**
 * `work` is given a signal that the first one aborts, after `onInterrupt`. Both are heard until `work` is done, whatever
 * it still has to write.
 */
export async function untilInterrupted<T>(
  onInterrupt: () => void,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) {
      // Not `process.exit`: that tears down worker threads in the midst of onnxruntime's work, which crashes. Dying of
      // SIGINT makes shells see 130.
      forget();
      process.kill(process.pid, 'SIGINT');
      return;
    }
    onInterrupt();
    stopping.abort();
  };
  const forget = (): void => void process.off('SIGINT', stop).off('SIGTERM', stop);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work(stopping.signal);
  } finally {
    forget();
  }
}
