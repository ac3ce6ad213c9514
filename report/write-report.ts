// Writes a run's report into its folder.
import { join } from 'node:path';
import type { RunRecord } from '../population/index.ts';
import { writeFileAtomically } from '../src/store/files.ts';
import { htmlReport } from './html-report.ts';

/** Writes report.html, over an older one, and returns its path. */
export async function writeReport(folder: string, record: RunRecord): Promise<string> {
  const path = join(folder, 'report.html');
  await writeFileAtomically(path, htmlReport(record));
  return path;
}
