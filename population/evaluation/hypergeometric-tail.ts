// Chances of draws without replacement.

/** An urn of `population` samples, `marked` of them of the kind that is counted, and `drawn` of them looked at. */
export interface Draw {
  readonly population: number;
  readonly marked: number;
  readonly drawn: number;
}

/** The chance that at least so many of the drawn samples are marked: the upper tail of the hypergeometric distribution. */
export function hypergeometricTail(atLeast: number, { population, marked, drawn }: Draw): number {
  const least = Math.max(0, drawn - (population - marked));
  const most = Math.min(drawn, marked);
  const ratio = (count: number): number =>
    ((marked - count) * (drawn - count)) / ((count + 1) * (population - marked - drawn + count + 1));
  // Weights relative to the likeliest count, so that none overflows.
  const likeliest = Math.max(least, Math.min(most, Math.floor(((drawn + 1) * (marked + 1)) / (population + 2))));
  let tail = 0;
  let total = 0;
  const take = (count: number, weight: number): void => {
    total += weight;
    if (count >= atLeast) tail += weight;
  };
  take(likeliest, 1);
  for (let count = likeliest, weight = 1; count < most && weight > 0; count++)
    take(count + 1, (weight *= ratio(count)));
  for (let count = likeliest, weight = 1; count > least && weight > 0; count--)
    take(count - 1, (weight /= ratio(count - 1)));
  return tail / total;
}
