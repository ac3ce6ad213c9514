// Ways in which a worker thread can fail within a job.
export const workerFaults = {
  crash: () => process.exit(1),
  throw: () => {
    throw new Error('out of luck');
  },
  loop: () => {
    for (;;);
  },
  silence: () => new Promise(() => setInterval(() => undefined, 1000)),
  memory: () => {
    for (const hoard = []; ;) hoard.push(new Array(1e6).fill(0));
  },
};
