// One worker thread: watched while it does a job, and torn down only when that is safe.
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expected, Words } from '../../src/errors.ts';
import type { JobDelivery } from './job.ts';
import { threads } from './threads.ts';
import { WorkerSignals } from './worker-signals.ts';
import type { WorkerSetup, WorkerTask } from './worker.ts';

/** Milliseconds that `retire` waits for the batch under way. */
const patience = 1500;

/** Milliseconds that a new thread may take to load its modules. */
const loading = 60_000;

/** A thread that crashes is started anew, unless it cannot even load its module: then all its jobs are rejected. */
export class WorkerThread {
  readonly #signals = new WorkerSignals();
  readonly #pool: ReturnType<typeof threads>;
  /** Why there is no thread and will be none. */
  #broken: Error | undefined;
  #job: Promise<unknown> = Promise.resolve();
  #isHanging = false;

  constructor(module: URL, setup: Omit<WorkerSetup, 'signals'>) {
    this.#pool = threads(module, 1, { ...setup, signals: this.#signals.memory });
    this.#pool.on('workerDestroy', () => {
      this.#signals.restart();
    });
    // Piscina starts no other thread once one could not load its module: what waits for it would wait for ever.
    this.#pool.on('error', (error: Error) => {
      if (this.#pool.threads.length === 0) this.#broken = error;
    });
  }

  /** Whether a job has outstayed its time: nothing can be asked of the thread any more. */
  get isHanging(): boolean {
    return this.#isHanging;
  }

  /**
   * One job at a time. Rejects where the thread crashes, cannot be started, was told to stop, or does no piece of work for
   * so many seconds.
   */
  async run(task: WorkerTask, patienceSeconds: number): Promise<JobDelivery> {
    if (this.#broken) throw this.#broken;
    const ended = new AbortController();
    const job = this.#pool.run(task) as Promise<JobDelivery>;
    const settled = (): undefined => undefined;
    this.#job = job.then(settled, settled);
    try {
      return await Promise.race([
        job,
        this.#breaking(ended.signal),
        this.#silence(1000 * patienceSeconds, ended.signal),
      ]);
    } finally {
      ended.abort();
    }
  }

  /**
   * Ends the thread. Torn down while onnxruntime works in it, it would take the process along (onnxruntime-node 1.30 throws
   * where nobody can catch). So it is told to stop, which it does before its next piece of work, and torn down when it is
   * done, or outside of any engine. What stays inside for longer is left behind: it ends with its batch, or with the
   * process.
   */
  async retire(): Promise<void> {
    this.#signals.stop();
    if (!this.#isHanging || this.#signals.inEngine) {
      await Promise.race([this.#job, setTimeout(patience, undefined, { ref: false })]);
    }
    if (!this.#signals.inEngine) {
      await this.#pool.destroy();
      return;
    }
    for (const thread of this.#pool.threads) thread.unref();
    void this.#job.then(() => this.#pool.destroy());
  }

  /** Rejects once the thread is broken. Waits for this job alone: what is told to a promise of long life it never forgets. */
  async #breaking(signal: AbortSignal): Promise<never> {
    for (;;) {
      await once(this.#pool, 'error', { signal });
      if (this.#broken) throw this.#broken;
    }
  }

  /** Rejects once there were no beats for so many milliseconds, or for a minute while modules are loaded. */
  async #silence(limit: number, signal: AbortSignal): Promise<never> {
    let [beats, since] = [this.#signals.beats, performance.now()];
    while (performance.now() - since < (beats === 0 ? Math.max(limit, loading) : limit)) {
      await setTimeout(limit, undefined, { signal, ref: false });
      if (this.#signals.beats !== beats) [beats, since] = [this.#signals.beats, performance.now()];
    }
    this.#isHanging = true;
    throw expected('evaluation-failed', `a batch within ${limit / 1000} s`, new Words('none'));
  }
}
