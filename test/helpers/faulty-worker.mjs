// A worker thread for tests: it fails in the way that the job's id names, as many times as the first label says.
import { setTimeout } from 'node:timers/promises';
import { workerData } from 'piscina';
import { WorkerSignals } from '../../population/evaluation/worker-signals.ts';
import { workerFaults } from './worker-faults.mjs';

// Milliseconds that its modules take to load.
await setTimeout(Number(new URL(import.meta.url).searchParams.get('load')));

const { labels } = workerData.data.train;
const signals = new WorkerSignals(workerData.signals);
signals.beat();

const faults = {
  ...workerFaults,
  // Goes on for longer after a stop than its owner waits; then says so.
  engine: () =>
    signals.guard(async () => {
      while (!signals.stopped) await setTimeout(10);
      await setTimeout(2500);
      Atomics.store(labels, 1, 1);
    }),
};

export default function work({ job }) {
  if (Atomics.load(labels, 0) > 0) {
    Atomics.sub(labels, 0, 1);
    return faults[job.id]();
  }
  return { result: { failure: `done: ${job.id}` }, changed: new Map() };
}
