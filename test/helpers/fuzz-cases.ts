// How many cases each fuzz test of a file reader tries: 300, or what NEUROSTITCH_FUZZ_CASES says.
export const fuzzCases = Number(process.env.NEUROSTITCH_FUZZ_CASES ?? 300);
if (!Number.isSafeInteger(fuzzCases) || fuzzCases < 1) {
  throw new Error(`Expected NEUROSTITCH_FUZZ_CASES to be a number of cases, got ${process.env.NEUROSTITCH_FUZZ_CASES}`);
}

/** Milliseconds for such a test: many cases may take long. */
export const fuzzTimeout = 60_000 + 50 * fuzzCases;
