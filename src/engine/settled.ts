// What is computed at once, as a promise.

/** The promise of a result that needs no waiting; an error rejects it. */
export function settled<T>(compute: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(compute());
  });
}
