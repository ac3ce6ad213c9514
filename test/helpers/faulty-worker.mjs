// A worker thread for tests: it dies as many times as the first label says, then delivers.
import { workerData } from 'piscina';

const { labels } = workerData.train;

export default function work({ job }) {
  if (Atomics.load(labels, 0) > 0) {
    Atomics.sub(labels, 0, 1);
    process.exit(1);
  }
  return { result: { failure: `done: ${job.id}` }, changed: new Map() };
}
