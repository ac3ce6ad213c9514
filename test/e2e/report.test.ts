// Opens reports in a headless browser, from a file, as their readers do.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frontOf, type RunRecord } from '../../population/run/run-record.ts';
import { themes } from '../../report/charts/theme.ts';
import { htmlReport } from '../../report/html-report.ts';
import { syntheticRunRecord } from '../helpers/run-record.ts';

const executablePath = '/usr/bin/chromium';
const missing = !existsSync(executablePath);
const phone = { viewport: { width: 375, height: 800 }, isMobile: true, hasTouch: true };
const lengthsOfSeries =
  "echarts.getInstanceByDom(document.getElementById('front-chart')).getOption().series.map((one) => one.data.length)";
const chartBackground = "echarts.getInstanceByDom(document.getElementById('front-chart')).getOption().backgroundColor";
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

describe.skipIf(missing)(`the report in Chromium${missing ? ` (skipped: no ${executablePath})` : ''}`, () => {
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

  /** Gives the page and all that it asked for or complained of. */
  async function open(
    record: RunRecord,
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; requests: string[]; complaints: string[] }> {
    const file = join(folder, 'report.html');
    await writeFile(file, htmlReport(record));
    const page = await (await browser.newContext(options)).newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(pathToFileURL(file).href);
    return { page, requests, complaints };
  }

  it('draws every finished individual, asks for nothing else and complains of nothing', async () => {
    const record = syntheticRunRecord({ size: 120, failEvery: 30 });
    const { page, requests, complaints } = await open(record, { colorScheme: 'light' });
    const lengths = await page.evaluate<number[]>(lengthsOfSeries);
    const front = frontOf(record).length;
    expect(lengths.slice(0, 6).reduce((sum, length) => sum + length)).toBe(116);
    expect(lengths.slice(0, 3).reduce((sum, length) => sum + length)).toBe(front);
    // The line of the front goes on to both edges.
    expect(lengths[6]).toBe(front + 2);
    expect(await page.locator('tbody tr').count()).toBe(front);
    expect(await page.locator('.picture').first().isVisible()).toBe(false);
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([page.url()]);
    expect(complaints).toEqual([]);
  });

  it('is dark for those who like it dark, and follows a change', async () => {
    const { page } = await open(syntheticRunRecord({ size: 40 }), { colorScheme: 'dark' });
    expect(await page.evaluate(chartBackground)).toBe(themes.dark.background);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(18, 22, 28)');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => page.evaluate(chartBackground)).toBe(themes.light.background);
  });

  it.each([
    ['many points', { size: 120 }],
    ['one point', { size: 1, tested: false, end: null }],
    ['no point', { size: 0 }],
    ['a name too long for a line', { size: 40, name: 'x'.repeat(300) }],
  ])('fits a phone with %s', async (_, options) => {
    const { page, complaints } = await open(syntheticRunRecord(options), phone);
    expect(await page.evaluate(overflow)).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('shows a point at the press of a key', async () => {
    const { page } = await open(syntheticRunRecord({ size: 4 }));
    await page.focus('#front-chart');
    await page.keyboard.press('ArrowRight');
    await page.getByText('Validation error: 11.80').waitFor({ state: 'visible' });
    expect(await page.locator('.spoken').first().textContent()).toContain('How made first: mlp-32');
  });

  it('shows the picture where there are no scripts, and on paper', async () => {
    const record = syntheticRunRecord({ size: 40 });
    const { page } = await open(record, { javaScriptEnabled: false });
    expect(await page.locator('.picture svg').first().isVisible()).toBe(true);
    expect(await page.locator('.live').first().isVisible()).toBe(false);
    const { page: printed } = await open(record);
    await printed.emulateMedia({ media: 'print' });
    expect(await printed.locator('.picture svg').first().isVisible()).toBe(true);
    expect(await printed.locator('.live').first().isVisible()).toBe(false);
  });

  it('runs nothing that names bring along', async () => {
    const name = `</script><img src=x onerror="alert(1)">`;
    const { page, requests, complaints } = await open(syntheticRunRecord({ size: 40, name }));
    await page.focus('#front-chart');
    await page.keyboard.press('ArrowRight');
    await page.getByText(`How made: first: ${name}`).waitFor({ state: 'visible' });
    expect(await page.locator('img').count()).toBe(0);
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
  });
});
