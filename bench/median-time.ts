// Times a piece of work over several runs.

/** Median, fastest and slowest of `runs` timed calls, in milliseconds, after `warmUp` calls that do not count. */
export async function medianTime(
  work: () => Promise<unknown>,
  { runs = 15, warmUp = 3 } = {},
): Promise<{ median: number; fastest: number; slowest: number }> {
  const times: number[] = [];
  for (let run = 0; run < warmUp + runs; run++) {
    const start = performance.now();
    await work();
    if (run >= warmUp) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1]!, fastest: times[0]!, slowest: times.at(-1)! };
}
