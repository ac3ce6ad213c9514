// Short ids drawn from the run's own random stream, so that a run is reproducible down to its ids.
import { customRandom } from 'nanoid';
import type { RandomStream } from './stream.ts';

// No look-alikes (0/O, 1/l): people read these ids aloud and type them.
const alphabet = '23456789abcdefghijkmnpqrstuvwxyz';

/** A generator of ids of `size` characters (32 symbols each: 8 characters are 40 bits). */
export function idGenerator(stream: RandomStream, size = 8): () => string {
  return customRandom(alphabet, size, (count) => Uint8Array.from({ length: count }, () => stream.int(256)));
}
