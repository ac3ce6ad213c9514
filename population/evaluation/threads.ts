// Worker threads for modules of this folder, the same from TypeScript source and from dist/.
import { extname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Piscina } from 'piscina';

// This file's own name tells which of the two is running. Threads that run source need tsx's loader themselves.
const extension = extname(import.meta.url);
const loader = extension === '.ts' ? new URL('./worker-from-source.mjs', import.meta.url) : undefined;

/** The module of this name in this folder, made for a thread: its default export takes a task. */
export function threadModule(name: string): URL {
  return new URL(`./${name}${extension}`, import.meta.url);
}

/** `count` threads that stay alive and run the module's tasks; `workerData` is there when the module is loaded. */
export function threads(module: URL, count: number, workerData?: unknown): Piscina {
  // MiB before the first full collection. By V8's own measure a thread that keeps little collects all few megabytes: a
  // tenth of the time of a run of small networks.
  setFlagsFromString('--initial-old-space-size=128');
  return new Piscina({
    filename: (loader ?? module).href,
    argv: [module.href],
    minThreads: count,
    maxThreads: count,
    idleTimeout: Infinity,
    workerData,
  });
}
