// Opens reports in a headless browser, from a file, as their readers do.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { RunRecord } from '../../population/run/run-record.ts';
import { htmlReport, type ReportOptions } from '../../report/html-report.ts';
import { recall, type RunRecordOptions } from './run-record.ts';

/** A run that is compared, bounded and stopped by other things than error and MACs. */
export const otherObjectives: RunRecordOptions = {
  size: 120,
  stopEvery: 7,
  settings: {
    objectives: ['recall', 'bytes', 'latency'],
    constraints: { bytes: { max: 60_000 }, params: { max: 16_000 } },
  },
  own: [recall],
};
export const executablePath = '/usr/bin/chromium';
export const missing = !existsSync(executablePath);
export const lengthsOfSeries =
  "echarts.getInstanceByDom(document.getElementById('front-chart')).getOption().series.map((one) => one.data.length)";
export const axisNames =
  "(({ xAxis, yAxis }) => [xAxis[0].name, yAxis[0].name])(echarts.getInstanceByDom(document.getElementById('front-chart')).getOption())";

/** Finds a series of a chart by its id. */
export function seriesData(chart: string, id: string): string {
  return `echarts.getInstanceByDom(document.getElementById('${chart}')).getOption().series.find((one) => one.id === '${id}').data`;
}

/** Scrolls to a chart and waits until it is drawn. */
export async function comeTo(page: Page, chart: string): Promise<void> {
  await page.locator(`#${chart}`).scrollIntoViewIfNeeded();
  await page.locator(`#${chart} canvas`).first().waitFor();
}

type Opener = (
  record: RunRecord,
  options?: BrowserContextOptions,
  report?: ReportOptions,
) => Promise<{ page: Page; requests: string[]; complaints: string[] }>;

/** For a `describe`: a browser for its tests. What it gives opens a page, and tells all that this asked for or complained of. */
export function openerOfReports(): Opener {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'neurostitch-report-'));
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  return async (record, options = {}, report = {}) => {
    const file = join(folder, 'report.html');
    await writeFile(file, htmlReport(record, report));
    const page = await (await browser.newContext(options)).newPage();
    const { requests, complaints } = heardOf(page);
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(pathToFileURL(file).href);
    return { page, requests, complaints };
  };
}

/** What a page asks for from now on, and what it says on its console or throws. */
export function heardOf(page: Page): { readonly requests: string[]; readonly complaints: string[] } {
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return { requests, complaints };
}
