// What a worker thread and its owner tell each other while a job is under way: three numbers in shared memory.
import type { Guard } from './guarded-engine.ts';

const slots = { stop: 0, inEngine: 1, beats: 2 };

/** Made from `memory` on the other side; a new one where there is none. */
export class WorkerSignals {
  readonly memory: SharedArrayBuffer;
  readonly #values: Int32Array;

  constructor(memory = new SharedArrayBuffer(4 * Object.keys(slots).length)) {
    this.memory = memory;
    this.#values = new Int32Array(memory);
  }

  /** The worker starts no other piece of work. */
  stop(): void {
    Atomics.store(this.#values, slots.stop, 1);
  }

  get stopped(): boolean {
    return Atomics.load(this.#values, slots.stop) !== 0;
  }

  /** Whether the worker is within a piece of work. Once false after `stop`, it stays so. */
  get inEngine(): boolean {
    return Atomics.load(this.#values, slots.inEngine) !== 0;
  }

  /** Moves on when the worker has loaded its modules, and with each piece of work. */
  get beats(): number {
    return Atomics.load(this.#values, slots.beats);
  }

  /** Once the worker is gone and another begins from nothing; a `stop` holds for that one, too. */
  restart(): void {
    Atomics.store(this.#values, slots.inEngine, 0);
    Atomics.store(this.#values, slots.beats, 0);
  }

  /** For the worker, once it has loaded its modules. */
  beat(): void {
    Atomics.add(this.#values, slots.beats, 1);
  }

  /** For the worker: the guard that keeps the numbers. What asks for `stopped` must be inside of it. */
  readonly guard: Guard = async (work) => {
    Atomics.add(this.#values, slots.inEngine, 1);
    try {
      return await work();
    } finally {
      this.beat();
      Atomics.sub(this.#values, slots.inEngine, 1);
    }
  };
}
