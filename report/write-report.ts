// Writes a run's report into its folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../population/index.ts';
import { journalName, requireFolderName } from '../population/run/run-directory.ts';
import { toRunRecord } from '../population/run/run-record.ts';
import { expected, Words } from '../src/errors.ts';
import { writeFileAtomically } from '../src/store/files.ts';
import { readJournal } from '../src/store/journal-file.ts';
import { architectureReader } from './architectures.ts';
import { htmlReport } from './html-report.ts';
import { requireRecord } from './require-record.ts';

/**
 * Writes report.html, over an older one, and returns its path. Layers are read from the run's blobs; what is missing
 * there or damaged is not shown.
 *
 * Throws `bad-argument` for what is no folder and no record, `out-exists` for the folder of another run, and `bad-run`
 * for one with a damaged journal.
 */
export async function writeReport(folder: string, record: RunRecord): Promise<string> {
  requireFolderName(folder, 'folder');
  requireRecord(record);
  await requireNoOtherRun(folder, record);
  const path = join(folder, 'report.html');
  await writeFileAtomically(
    path,
    htmlReport(record, { folder, architectures: await architectureReader(folder)(record) }),
  );
  return path;
}

/** Runs are told apart by the moment at which they began. */
async function requireNoOtherRun(folder: string, { start }: RunRecord): Promise<void> {
  const path = join(folder, journalName);
  if (!existsSync(path)) return;
  const other = toRunRecord(await readJournal(path), path);
  if (other.start.at !== start.at)
    throw expected('out-exists', 'the folder of this run, or one without a run', new Words("another run's"), folder);
}
