// A run as a server shows it: read when there is something new, whether it goes on, has ended or has yet to begin.
import { basename, join, resolve } from 'node:path';
import { journalName } from '../../population/run/run-directory.ts';
import { openRun } from '../../population/run/open-run.ts';
import { toRunRecord } from '../../population/run/run-record.ts';
import { NeurostitchError } from '../../src/errors.ts';
import { exportOnnx } from '../../src/formats/onnx/export-onnx.ts';
import { isLocked } from '../../src/store/folder-lock.ts';
import { readJournal } from '../../src/store/journal-file.ts';
import { architectureReader } from '../architectures.ts';
import { reportContent } from '../html-report.ts';
import { messageContent, type LiveRun, type NoReport, type PageContent } from '../page/message-page.ts';
import { madeOnce, stampOfRun, type Stamped } from './folder-state.ts';

export interface ServedRun {
  readonly stamp: () => string;
  readonly page: () => Promise<Stamped<PageContent>>;
  readonly now: () => Promise<LiveRun | NoReport>;
  /** As ONNX. Throws `not-found` for an unknown individual or one that failed. */
  readonly model: (id: string) => Promise<Uint8Array>;
}

export function servedRun(folder: string): ServedRun {
  const architectures = architectureReader(folder);
  const stamp = (): string => stampOfRun(folder);
  const now = madeOnce(stamp, () => readRun(folder));
  const page = madeOnce(stamp, async () => {
    const { value } = await now();
    if ('why' in value) return messageContent(basename(resolve(folder)), value.why);
    const { record, isRunning } = value;
    return reportContent(record, { folder, architectures: await architectures(record) }, isRunning);
  });
  return {
    stamp,
    page,
    now: async () => (await now()).value,
    model: async (id) => exportOnnx((await (await openRun(folder)).model(id)).network),
  };
}

async function readRun(folder: string): Promise<LiveRun | NoReport> {
  const path = join(folder, journalName);
  try {
    const lines = await readJournal(path);
    return lines.length === 0 ? notBegun : { record: toRunRecord(lines, path), isRunning: isLocked(folder) };
  } catch (error) {
    if (!(error instanceof NeurostitchError)) throw error;
    if (error.code === 'not-found') return notBegun;
    return { state: 'Cannot be shown; its page says why.', why: `This run cannot be shown. ${error.message}` };
  }
}

const notBegun: NoReport = {
  state: 'Not begun yet.',
  why: 'Nothing has been written yet. The report will be here once the run has begun.',
};
