// Writes a run's report into its folder.
import { join } from 'node:path';
import type { RunRecord } from '../population/index.ts';
import { writeFileAtomically } from '../src/store/files.ts';
import { architectureReader } from './architectures.ts';
import { htmlReport } from './html-report.ts';

/**
 * Writes report.html, over an older one, and returns its path. Layers are read from the run's blobs; what is missing
 * there or damaged is not shown.
 */
export async function writeReport(folder: string, record: RunRecord): Promise<string> {
  const path = join(folder, 'report.html');
  await writeFileAtomically(
    path,
    htmlReport(record, { folder, architectures: await architectureReader(folder)(record) }),
  );
  return path;
}
