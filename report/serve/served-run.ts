// A run as a server shows it: read when there is something new, whether it goes on, has ended or has yet to begin.
import { basename, join, resolve } from 'node:path';
import { journalName } from '../../population/run/run-directory.ts';
import { openRun } from '../../population/run/open-run.ts';
import { toRunRecord, type RunRecord } from '../../population/run/run-record.ts';
import { NeurostitchError } from '../../src/errors.ts';
import { exportOnnx } from '../../src/formats/onnx/export-onnx.ts';
import { readJournal } from '../../src/store/journal-file.ts';
import { architectureReader } from '../architectures.ts';
import { reportContent } from '../html-report.ts';
import { messageContent, type PageContent } from '../page/message-page.ts';
import { madeOnce, stampOfRun, type Stamped } from './folder-state.ts';

export interface ServedRun {
  readonly stamp: () => string;
  readonly page: () => Promise<Stamped<PageContent>>;
  /** A text in place of a run that has no line yet or is damaged. */
  readonly record: () => Promise<RunRecord | string>;
  /** As ONNX. Throws `not-found` for an unknown individual or one that failed. */
  readonly model: (id: string) => Promise<Uint8Array>;
}

export function servedRun(folder: string): ServedRun {
  const architectures = architectureReader(folder);
  const stamp = (): string => stampOfRun(folder);
  const record = madeOnce(stamp, () => readRecord(folder));
  const page = madeOnce(stamp, async () => {
    const { value } = await record();
    if (typeof value === 'string') return messageContent(basename(resolve(folder)), value);
    return reportContent(value, { folder, architectures: await architectures(value) }, true);
  });
  return {
    stamp,
    page,
    record: async () => (await record()).value,
    model: async (id) => exportOnnx((await (await openRun(folder)).model(id)).network),
  };
}

async function readRecord(folder: string): Promise<RunRecord | string> {
  const path = join(folder, journalName);
  try {
    const lines = await readJournal(path);
    return lines.length === 0 ? notBegun : toRunRecord(lines, path);
  } catch (error) {
    if (!(error instanceof NeurostitchError)) throw error;
    return error.code === 'not-found' ? notBegun : `This run cannot be shown. ${error.message}`;
  }
}

const notBegun = 'Nothing has been written yet. The report will be here once the run has begun.';
