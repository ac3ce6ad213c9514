// Serves runs and looks at them in a headless browser while they grow.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blobsName, configName, journalName } from '../../population/run/run-directory.ts';
import { frontOf, type RunRecord } from '../../population/run/run-record.ts';
import { serveReports, type ReportServer, type ServeOptions } from '../../report/index.ts';
import { exportOnnx } from '../../src/formats/onnx/export-onnx.ts';
import { NetworkBuilder } from '../../src/network/network-builder.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { FileBlobStore } from '../../src/store/blob-store.ts';
import { saveModel } from '../../src/store/model-store.ts';
import { freshTrainingState } from '../../src/training/training-state.ts';
import { heardOf } from '../helpers/report-page.ts';
import { ensureBuilt, start } from '../helpers/command-line.ts';
import { journalLines } from '../helpers/journal-lines.ts';
import { syntheticRunRecord } from '../helpers/run-record.ts';

const executablePath = '/usr/bin/chromium';
const missing = !existsSync(executablePath);
/** The page hears of news within half a second, and asks for them once a second. */
const soon = { timeout: 15_000 };
const record = syntheticRunRecord({ size: 200, failEvery: 30 });
const lines = journalLines(record);

let folder: string;
let servers: ReportServer[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neurostitch-serve-'));
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await rm(folder, { recursive: true });
});

async function serve(options: ServeOptions = { port: 0 }): Promise<string> {
  const server = await serveReports(folder, options);
  servers.push(server);
  return server.url;
}

/** Appends lines of the run's journal, each with its end. */
async function grow(from: number, to: number): Promise<void> {
  await appendFile(
    join(folder, journalName),
    lines
      .slice(from, to)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

/** What the first lines say. */
function recordOf(count: number): Pick<RunRecord, 'individuals' | 'tests'> {
  const ids = new Set(lines.slice(0, count).map((line) => (JSON.parse(line) as { id?: string }).id));
  return { individuals: record.individuals.filter(({ id }) => ids.has(id)), tests: new Map() };
}

describe.skipIf(missing)(`a served run in Chromium${missing ? ` (skipped: no ${executablePath})` : ''}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  async function open(
    url: string,
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; requests: string[]; complaints: string[] }> {
    const page = await (await browser.newContext(options)).newPage();
    const { requests, complaints } = heardOf(page);
    await page.goto(url);
    return { page, requests, complaints };
  }

  const optionOf = (chart: string): string =>
    `echarts.getInstanceByDom(document.getElementById('${chart}')).getOption()`;
  const counted = (page: Page, chart: string): Promise<number[]> =>
    page.evaluate(`${optionOf(chart)}.series.map((one) => one.data.length)`);
  const rows = (page: Page): Promise<string[]> =>
    page.locator('table[aria-labelledby="front-table"] tbody th code').allInnerTexts();
  const evaluations = (page: Page): Promise<string> =>
    page.locator('.figures > div', { hasText: 'Evaluations' }).locator('.value').innerText();

  it('shows what comes, and leaves what the reader set as it is', async () => {
    await grow(0, 160);
    const before = recordOf(160);
    const { page, requests, complaints } = await open(await serve());
    for (const chart of ['parallel-chart', 'lineage-chart']) {
      await page.locator(`#${chart}`).scrollIntoViewIfNeeded();
      await page.locator(`#${chart} canvas`).first().waitFor();
    }
    const { id } = before.individuals.find(({ provenance }) => provenance.how === 'mutation')!;
    await page.evaluate(`location.hash = '#individual-${id}'`);
    await page.selectOption('#front-y', 'loss');
    await page.selectOption('#front-x', 'params');
    await page.evaluate(
      "echarts.getInstanceByDom(document.getElementById('front-chart')).dispatchAction({ type: 'legendUnSelect', name: 'Stitched' })",
    );
    await page.getByText('Limits in numbers').click();
    await page.fill('#limit-error-to', '6');
    await page.focus('#budget');
    await page.keyboard.press('Home');
    const budget = await page.locator('#budget-best').innerText();
    for (let times = 0; times < 2; times++) await page.click('#lineage-in');
    const zoomed = `${optionOf('lineage-chart')}.dataZoom.map(({ startValue, endValue }) => [startValue, endValue])`;
    const window = await page.evaluate(zoomed);
    const top = "document.getElementById('lineage-chart').getBoundingClientRect().top";
    await page.evaluate("document.getElementById('lineage-chart').scrollIntoView()");
    const place = await page.evaluate<number>(top);

    // In steps, and once in the midst of a line.
    await grow(160, 180);
    await expect.poll(() => evaluations(page), soon).toBe(String(recordOf(180).individuals.length));
    const half = Math.floor(lines[180]!.length / 2);
    await appendFile(join(folder, journalName), lines[180]!.slice(0, half));
    await appendFile(join(folder, journalName), `${lines[180]!.slice(half)}\n`);
    await grow(181, lines.length);
    await expect.poll(() => evaluations(page), soon).toBe('200');

    expect(await rows(page)).toEqual(frontOf(record).map((member) => member.id));
    expect(await page.locator('header').innerText()).toContain('Finished: 8 generations done.');
    const shown = await counted(page, 'front-chart');
    expect(shown.slice(0, 6).reduce((sum, length) => sum + length)).toBe(194);
    expect(await counted(page, 'hypervolume-chart')).toEqual([record.generations.length]);
    const lineage = await counted(page, 'lineage-chart');
    expect(lineage.slice(0, 6).reduce((sum, length) => sum + length)).toBe(200);
    expect(lineage[6]).toBe(record.individuals.reduce((sum, { provenance }) => sum + provenance.parents.length, 0));

    expect(await page.locator('#details h3').innerText()).toBe(id);
    expect([await page.inputValue('#front-x'), await page.inputValue('#front-y')]).toEqual(['params', 'loss']);
    expect(await page.evaluate(`${optionOf('front-chart')}.yAxis[0].name`)).toBe('Validation loss (nats)');
    expect(await page.evaluate(`${optionOf('front-chart')}.legend[0].selected`)).toMatchObject({ Stitched: false });
    expect(await page.evaluate(zoomed)).toEqual(window);
    expect(await page.locator('#budget-best').innerText()).toBe(budget);
    expect(await page.evaluate('document.activeElement.id')).toBe('lineage-in');
    const below = record.individuals.filter(({ validation }) => validation && validation.error <= 0.06).length;
    expect(await page.locator('#parallel-matches').innerText()).toContain(`${below} of 194 lie within the limits`);
    expect(await page.getByText('Clear all limits').isVisible()).toBe(true);
    expect(Math.abs((await page.evaluate<number>(top)) - place)).toBeLessThan(2);
    // What the run's end brings can be plotted.
    await page.selectOption('#front-y', 'testError');
    expect(complaints).toEqual([]);
    const asked = requests.filter((url) => !url.startsWith('data:')).map((url) => new URL(url));
    expect(new Set(asked.map(({ origin }) => origin)).size).toBe(1);
    expect(new Set(asked.map(({ pathname }) => pathname))).toEqual(new Set(['/', '/events', '/update']));
  });

  it('goes on telling of a point that is pointed at', async () => {
    await grow(0, 60);
    const { page } = await open(await serve());
    await page.focus('#front-chart');
    await page.keyboard.press('ArrowRight');
    const tip = page.locator('.tip', { hasText: 'How made: first: mlp-32' });
    await tip.waitFor();
    await grow(60, 80);
    await expect.poll(() => evaluations(page), soon).toBe(String(recordOf(80).individuals.length));
    await expect.poll(() => tip.isVisible(), soon).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => tip.isVisible(), soon).toBe(false);
  });

  it('waits for a run that has yet to begin, and draws it as it comes', async () => {
    const { page, complaints } = await open(await serve());
    await page.getByText('There is no run here yet.').waitFor();
    await writeFile(join(folder, configName), '{}');
    await page.getByText('Nothing has been written yet.').waitFor(soon);
    await grow(0, 1);
    await page.getByText('There is no front yet').waitFor(soon);
    await grow(1, 2);
    await page.locator('#front-chart canvas').first().waitFor(soon);
    expect(await page.locator('#budget').isVisible()).toBe(false);
    await grow(2, lines.length);
    await expect.poll(() => rows(page), soon).toEqual(frontOf(record).map((member) => member.id));
    expect(await page.locator('#budget').isVisible()).toBe(true);
    await page.locator('#parallel-chart').scrollIntoViewIfNeeded();
    await page.locator('#parallel-chart canvas').first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('survives a run that is killed and resumed, and a server that is started anew', async () => {
    const journal = join(folder, journalName);
    await grow(0, 60);
    await appendFile(journal, lines[60]!.slice(0, 40));
    const url = await serve();
    const { page } = await open(url);
    expect(await evaluations(page)).toBe(String(recordOf(60).individuals.length));
    // What resume does first.
    await writeFile(
      journal,
      lines
        .slice(0, 60)
        .map((line) => `${line}\n`)
        .join(''),
    );
    await grow(60, 70);
    await expect.poll(() => evaluations(page), soon).toBe(String(recordOf(70).individuals.length));
    await servers[0]!.close();
    await page.getByText('The server does not answer').waitFor(soon);
    // A browser takes a refusal for final.
    const refusing = createServer((_, response) => response.writeHead(503).end()).listen(Number(new URL(url).port));
    await once(refusing, 'request');
    refusing.close();
    refusing.closeAllConnections();
    await grow(70, 90);
    await serve({ port: Number(new URL(url).port) });
    await expect.poll(() => evaluations(page), soon).toBe(String(recordOf(90).individuals.length));
    await page.getByText('This page follows the run.').waitFor(soon);
  });

  it('shows another run that takes the place of one, and says what is wrong with a damaged one', async () => {
    await grow(0, 60);
    const { page, complaints } = await open(await serve());
    await page.locator('#parallel-chart').scrollIntoViewIfNeeded();
    await page.locator('#parallel-chart canvas').first().waitFor();
    // One that has less to draw.
    const other = syntheticRunRecord({ size: 1, name: 'another' });
    const begun = { ...other, start: { ...other.start, at: other.start.at + 1 } };
    await writeFile(join(folder, 'next'), journalLines(begun).join('\n') + '\n');
    await rename(join(folder, 'next'), join(folder, journalName));
    await page.getByRole('heading', { name: 'Evolution on another' }).waitFor(soon);
    await page.getByText('This page follows the run.').waitFor(soon);
    expect(await page.locator('#parallel-chart').count()).toBe(0);
    await appendFile(join(folder, journalName), 'damage\n');
    await page.getByText('This run cannot be shown. Expected a JSON event').waitFor(soon);
    expect(complaints).toEqual([]);
  });

  it('lists the runs of a folder, and new ones as they come', async () => {
    const name = `<img src=x onerror="alert(1)"> #1?`;
    const run = join(folder, name);
    const { page, complaints } = await open(await serve());
    await page.getByText('There is no run here yet.').waitFor();
    await mkdir(run);
    await writeFile(
      join(run, journalName),
      lines
        .slice(0, 60)
        .map((line) => `${line}\n`)
        .join(''),
    );
    await page.getByRole('link', { name }).click(soon);
    await page.getByRole('heading', { name: 'Evolution on digits' }).waitFor();
    expect(await evaluations(page)).toBe(String(recordOf(60).individuals.length));
    expect(complaints).toEqual([]);
  });

  it('runs nothing that names bring along', async () => {
    const name = `</script><img src=x onerror="alert(1)">`;
    const named = journalLines(syntheticRunRecord({ size: 40, name })).map((line) => `${line}\n`);
    await writeFile(join(folder, journalName), named.slice(0, 10).join(''));
    const { page, requests, complaints } = await open(await serve());
    await appendFile(join(folder, journalName), named.slice(10).join(''));
    await expect.poll(() => evaluations(page), soon).toBe('40');
    expect(await page.locator('#details').innerText()).toContain(name);
    expect(await page.locator('img').count()).toBe(0);
    expect(requests.map((url) => new URL(url).pathname).filter((path) => path === '/x')).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('asks for nothing while nobody looks at it', async () => {
    await grow(0, 60);
    const { page, requests } = await open(await serve());
    const look = (hidden: boolean): Promise<void> =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));`,
      );
    await page.getByText('This page follows the run.').waitFor(soon);
    await look(true);
    await grow(60, 80);
    await page.waitForTimeout(1500);
    expect(requests.filter((url) => url.endsWith('/update'))).toEqual([]);
    await look(false);
    await expect.poll(() => evaluations(page), soon).toBe(String(recordOf(80).individuals.length));
  });

  it('gives the model of an individual', async () => {
    const net = new NetworkBuilder([1, 2, 3], RandomStream.fromSeed(1));
    net.layer('flatten');
    net.layer('dense', { units: 3 });
    const network = net.build();
    const store = new FileBlobStore(join(folder, blobsName));
    const model = await saveModel(store, { network, state: freshTrainingState });
    const individuals = record.individuals.map((one) => ({ ...one, model: one.model && model }));
    await writeFile(join(folder, journalName), journalLines({ ...record, individuals }).join('\n') + '\n');
    const { page } = await open(await serve());
    const { id } = frontOf(record)[0]!;
    await page.evaluate(`location.hash = '#individual-${id}'`);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as ONNX' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`${id}.onnx`);
    expect(await readFile(await download.path())).toEqual(Buffer.from(exportOnnx(network)));
  });

  it.each(['a run', 'several runs'])('has nothing that axe finds serious, with %s', async (what) => {
    const run = what === 'a run' ? folder : join(folder, 'x');
    await mkdir(run, { recursive: true });
    await writeFile(join(run, journalName), lines.map((line) => `${line}\n`).join(''));
    const { page } = await open(await serve(), { bypassCSP: true });
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
    const found = await page.evaluate<{ impact: string }[]>(
      'axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes[0].html })))',
    );
    expect(found.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  });
});

describe('the server', () => {
  beforeAll(ensureBuilt, 120_000);

  /** As `fetch` would not send it. */
  async function ask(
    url: string,
    { path = '/', method = 'GET', host }: { path?: string; method?: string; host?: string },
  ): Promise<{ status: number; text: string }> {
    const { hostname, port, host: own } = new URL(url);
    const sent = request({ hostname, port, path, method, headers: { host: host ?? own } }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode!, text };
  }

  it('answers by its own names only, and lets itself be read only', async () => {
    await grow(0, 10);
    const url = await serve();
    expect((await ask(url, {})).status).toBe(200);
    expect((await ask(url, { host: 'localhost:1' })).status).toBe(200);
    expect((await ask(url, { host: 'rebound.example' })).status).toBe(403);
    expect((await ask(url, { method: 'POST' })).status).toBe(405);
    expect((await ask(url, { path: '/update', host: 'rebound.example:80' })).status).toBe(403);
  });

  it.each([
    '/../secret',
    '/x/../../secret',
    '/%2e%2e%2fsecret',
    '/x/%2e%2e/secret',
    '/x/models/..%2f..%2fsecret.onnx',
    '/x/models/unknown.onnx',
    '/x/journal.jsonl',
    '/%ff',
  ])('gives nothing but what it shows: %s', async (path) => {
    const run = join(folder, 'runs/x');
    await mkdir(run, { recursive: true });
    await writeFile(join(run, journalName), lines.map((line) => `${line}\n`).join(''));
    for (const place of [join(folder, 'secret'), join(folder, 'secret.onnx')]) await writeFile(place, 'a secret');
    const server = await serveReports(join(folder, 'runs'), { port: 0 });
    servers.push(server);
    const { status, text } = await ask(server.url, { path });
    expect(status).toBe(404);
    expect(text).not.toContain('a secret');
  });

  it('lists a damaged run and one that has yet to begin in a few words, and says what is wrong on its page', async () => {
    for (const [name, journal] of [
      ['damaged', 'damage\n'],
      ['new', ''],
    ] as const) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, journalName), journal);
    }
    const url = await serve();
    const textOf = async (path: string): Promise<string> => (await fetch(`${url}${path}`)).text();
    const [list] = /<tbody>.*<\/tbody>/s.exec(await textOf(''))!;
    expect(list).toMatch(/>damaged<.*>Cannot be shown; its page says why\.</);
    expect(list).toMatch(/>new<.*>Not begun yet\.</);
    expect(list).not.toContain('Expected');
    expect(await textOf('damaged/')).toContain('This run cannot be shown. Expected a JSON event');
  });

  it('takes the next port where its own is taken, but none other than the one that was asked for', async () => {
    const [first, second] = [await serve({}), await serve({})];
    expect(Number(new URL(second).port)).toBeGreaterThan(Number(new URL(first).port));
    const port = Number(new URL(first).port);
    await expect(serveReports(folder, { port })).rejects.toThrow(
      `Expected a port that is free, got ${port}, which is taken`,
    );
  });

  it('says what it cannot serve', async () => {
    await expect(serveReports(join(folder, 'none'))).rejects.toThrow('Expected a run folder, or a folder of runs');
    const file = join(folder, 'model.onnx');
    await writeFile(file, 'a model');
    await expect(serveReports(file)).rejects.toMatchObject({ code: 'bad-argument' });
    await rm(file);
    await expect(serveReports(folder, { host: '203.0.113.7', port: 0 })).rejects.toThrow('an address of this machine');
  });

  it('starts from the command line, writes nothing into the run, and ends with Ctrl-C, whoever still reads', async () => {
    await grow(0, lines.length);
    const { child, exited, stderr } = start(['serve', folder, '--port', '0', '--json']);
    const [line] = (await Promise.race([once(child.stdout, 'data'), exited.then(() => [stderr()])])) as [Buffer];
    const { url } = JSON.parse(line.toString()) as { url: string };
    const stream = await fetch(`${url}events`);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(await (await fetch(url)).text()).toContain('Finished: 8 generations done.');
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(await readdir(folder)).toEqual([journalName]);
  });
});
