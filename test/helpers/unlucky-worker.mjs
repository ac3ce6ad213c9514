// The real worker thread, except that the first `?jobs=` jobs fail at their first try, in the way that `?fault=` names.
// Files in `?folder=` tell the second try from the first.
import { closeSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import work from '../../population/evaluation/worker.ts';
import { workerFaults } from './worker-faults.mjs';

const asked = new URL(import.meta.url).searchParams;

export default function unlucky(task) {
  return isUnlucky(task.job.id) ? workerFaults[asked.get('fault')]() : work(task);
}

function isUnlucky(id) {
  const folder = asked.get('folder');
  try {
    closeSync(openSync(join(folder, id), 'wx'));
    return readdirSync(folder).length <= Number(asked.get('jobs'));
  } catch {
    return false;
  }
}
