// Normal draws by the ziggurat method: for 99 of 100 draws a table look-up and one multiplication.
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Slices of equal area under exp(-x^2 / 2), x >= 0, each as wide as its right edge; the tail belongs to the lowest. */
const slices = 256;

/** Where the tail begins, and the area of a slice, for 256 slices: the paper's section 3. */
const tailStart = 3.6541528853610088;
const area = 4.92867323399e-3;

const density = (x: number): number => Math.exp((-x * x) / 2);

/** The right edge of each slice from the lowest up, and 0 above the last; the lowest is as wide as its area, tail included. */
const edges = new Float64Array(slices + 1);
const heights = new Float64Array(slices + 1);
edges[0] = area / density(tailStart);
edges[1] = tailStart;
for (let slice = 1; slice < slices - 1; slice++) {
  edges[slice + 1] = Math.sqrt(-2 * Math.log(density(edges[slice]!) + area / edges[slice]!));
}
edges.forEach((edge, slice) => (heights[slice] = density(edge)));

/**
 * A draw from the standard normal distribution.
 *
 * Source: Marsaglia and Tsang 2000, "The Ziggurat Method for Generating Random Variables"; that slice and place come from
 * different bits: Doornik 2005, "An Improved Ziggurat Method to Generate Normal Random Samples".
 */
export function normalDraw(generator: RandomGenerator): number {
  for (;;) {
    // The highest bits name the slice, as a xoroshiro128+ word's lowest ones are its weakest; 53 others the place.
    const word = generator.next();
    const slice = word >>> 24;
    const place = ((word << 8) + (generator.next() >>> 3) * 2 ** -21) * 2 ** -31;
    const x = place * edges[slice]!;
    if (Math.abs(x) < edges[slice + 1]!) return x;
    if (slice === 0) return tailDraw(generator, place < 0);
    const [low, high] = [heights[slice]!, heights[slice + 1]!];
    if (low + uniformFloat64(generator) * (high - low) < density(x)) return x;
  }
}

/** A draw from beyond `tailStart` (Marsaglia 1964, "Generating a Variable from the Tail of the Normal Distribution"). */
function tailDraw(generator: RandomGenerator, isNegative: boolean): number {
  for (;;) {
    const beyond = -Math.log(1 - uniformFloat64(generator)) / tailStart;
    if (-2 * Math.log(1 - uniformFloat64(generator)) < beyond * beyond) continue;
    return isNegative ? -(tailStart + beyond) : tailStart + beyond;
  }
}
