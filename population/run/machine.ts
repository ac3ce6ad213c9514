// What a run was made on, for the journal.
import { cpus, totalmem } from 'node:os';
import type { RunStarted } from './journal-events.ts';

export function machine(): RunStarted['machine'] {
  const processors = cpus();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memory: totalmem(),
  };
}
