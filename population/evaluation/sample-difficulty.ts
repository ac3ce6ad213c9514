// Which validation samples networks get wrong: what was seen of them so far, so that the hardest can be looked at first.
import { tensor, type Tensor } from '../../src/network/tensor.ts';
import type { Validation } from './job.ts';

/** Learns from validations; what it knows of one generation orders the samples of the next. */
export class SampleDifficulty {
  /** Of each sample: validations that saw it, and those that got it wrong. */
  #seen: number[] = [];
  #wrong: number[] = [];
  #rates: Tensor | null = null;
  /** The order in which validations with `rates` look at the samples. */
  #order: readonly number[] = [];

  /** Of each validation sample the share of networks that got it wrong, [samples], as of the last `settle`. */
  get rates(): Tensor | null {
    return this.#rates;
  }

  /** Takes the mistakes of a validation that `rates` ordered, or of one on all samples. */
  add({ samples }: Pick<Validation, 'samples'>, mistakes: readonly number[]): void {
    const isWhole = samples >= this.#order.length;
    const positions = isWhole ? Array.from({ length: samples }, (_, at) => at) : this.#order.slice(0, samples);
    for (const at of positions) this.#seen[at] = (this.#seen[at] ?? 0) + 1;
    for (const at of mistakes) this.#wrong[at] = (this.#wrong[at] ?? 0) + 1;
  }

  /** Makes `rates` of all that was added. */
  settle(): void {
    const rates = Float32Array.from(this.#seen, (seen, at) => (this.#wrong[at] ?? 0) / seen);
    if (rates.length === 0) return;
    this.#rates = tensor([rates.length], rates);
    this.#order = hardestFirst(rates, rates.length);
  }
}

/** Positions 0 to count - 1, the highest rates first, equal ones as they lie; all as they lie where none are known. */
export function hardestFirst(rates: Float32Array | null, count: number): number[] {
  const positions = Array.from({ length: count }, (_, at) => at);
  return rates ? positions.sort((a, b) => rates[b]! - rates[a]! || a - b) : positions;
}
