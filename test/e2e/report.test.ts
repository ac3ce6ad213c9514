// Opens reports in a headless browser, from a file, as their readers do.
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { frontOf, operatorLabel } from '../../population/run/run-record.ts';
import { themes } from '../../report/charts/theme.ts';
import type { Architectures } from '../../report/shown-layers.ts';
import { kneePoint } from '../../report/knee-point.ts';
import { plottedObjectives } from '../../report/plotted-objectives.ts';
import { groupedCount, percent } from '../../report/number-text.ts';
import {
  axisNames,
  comeTo,
  executablePath,
  lengthsOfSeries,
  missing,
  openerOfReports,
  otherObjectives,
  seriesData,
} from '../helpers/report-page.ts';
import { syntheticRunRecord } from '../helpers/run-record.ts';

const phone = { viewport: { width: 375, height: 800 }, isMobile: true, hasTouch: true };
const lineageLabelled =
  "echarts.getInstanceByDom(document.getElementById('lineage-chart')).getOption().series[0].label.show";
const chartBackground = "echarts.getInstanceByDom(document.getElementById('front-chart')).getOption().backgroundColor";
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** Finds the place of an individual's point in a chart, in pixels. */
function pixelOf(chart: string, individual: number): string {
  return `(() => {
    const instance = echarts.getInstanceByDom(document.getElementById('${chart}'));
    const point = instance.getOption().series.flatMap((one) => one.data).find((one) => one.individual === ${individual});
    return instance.convertToPixel('grid', point.value);
  })()`;
}

describe.skipIf(missing)(`the report in Chromium${missing ? ` (skipped: no ${executablePath})` : ''}`, () => {
  const open = openerOfReports();

  it('draws every finished individual, asks for nothing else and complains of nothing', async () => {
    const record = syntheticRunRecord({ size: 120, failEvery: 30 });
    const { page, requests, complaints } = await open(record, { colorScheme: 'light' });
    const lengths = await page.evaluate<number[]>(lengthsOfSeries);
    const front = frontOf(record).length;
    expect(lengths.slice(0, 6).reduce((sum, length) => sum + length)).toBe(116);
    expect(lengths.slice(0, 3).reduce((sum, length) => sum + length)).toBe(front);
    // The line of the front goes on to both edges.
    expect(await page.evaluate(seriesData('front-chart', 'line'))).toHaveLength(front + 2);
    expect(await page.locator('table[aria-labelledby="front-table"] tbody tr').count()).toBe(front);
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
    ['other objectives', otherObjectives],
    ['a name too long for a line', { size: 40, name: 'x'.repeat(300) }],
  ])('fits a phone with %s', async (_, options) => {
    const { page, complaints } = await open(syntheticRunRecord(options), phone);
    if (options.size > 1) for (const chart of ['lineage-chart', 'parallel-chart']) await comeTo(page, chart);
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

  it('tells of an individual that is clicked in the plot', async () => {
    const record = syntheticRunRecord({ size: 40 });
    const { page, complaints } = await open(record);
    const worst = record.individuals.findIndex(({ provenance }) => provenance.how === 'stitching');
    const { id, provenance, validation } = record.individuals[worst]!;
    await page.locator('#front-chart').scrollIntoViewIfNeeded();
    const [x, y] = await page.evaluate<[number, number]>(pixelOf('front-chart', worst));
    const box = (await page.locator('#front-chart').boundingBox())!;
    await page.mouse.click(box.x + x, box.y + y);
    const details = page.locator('#details');
    await details.getByRole('heading', { name: id }).waitFor();
    expect(page.url()).toContain(`#individual-${id}`);
    const text = await details.innerText();
    expect(text).toContain('Made by stitch from');
    expect(text).toContain(`neurostitch export RUN ${id} --out best.onnx`);
    const error = details.locator('tr', { hasText: 'Validation error' }).locator('td');
    const of = (parent: string): number => record.individuals.find((one) => one.id === parent)!.validation!.error;
    const differences = provenance.parents.map((parent) => {
      const difference = (100 * validation!.error - 100 * of(parent)).toFixed(2);
      return `${Number(difference) > 0 ? '+' : ''}${difference}\u00a0points`;
    });
    expect(await error.allInnerTexts()).toEqual([`${(100 * validation!.error).toFixed(2)}\u00a0%`, ...differences]);
    expect(complaints).toEqual([]);
  });

  it('keeps who is chosen ringed in the plot, whatever the colours and the objectives', async () => {
    const { page } = await open(syntheticRunRecord({ size: 40 }), { colorScheme: 'light' });
    await page.evaluate("location.hash = document.querySelector('tbody a').hash");
    await expect.poll(() => page.locator('#details h3').innerText()).toBe('mlp-32');
    const chosen = seriesData('front-chart', 'chosen');
    expect(await page.evaluate(chosen)).toEqual([{ individual: 0, value: [2400, 11.8] }]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => page.evaluate(chartBackground)).toBe(themes.dark.background);
    expect(await page.evaluate(chosen)).toEqual([{ individual: 0, value: [2400, 11.8] }]);
    await page.selectOption('#front-x', 'params');
    expect(await page.evaluate(chosen)).toEqual([{ individual: 0, value: [2410, 11.8] }]);
  });

  it('tells of an individual by key, by row, by link, and goes back', async () => {
    const record = syntheticRunRecord({ size: 40 });
    const { page } = await open(record);
    const heading = page.locator('#details h3');
    await page.focus('#front-chart');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect.poll(() => heading.innerText()).toBe('mlp-32');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('mlp-32');
    const last = frontOf(record).at(-1)!.id;
    await page.locator('table[aria-labelledby="front-table"] a').last().press('Enter');
    await expect.poll(() => heading.innerText()).toBe(last);
    expect(await page.locator('a[aria-current]').allInnerTexts()).toEqual([last]);
    // What readers without scripts are led to would scroll away from the panel.
    expect(await page.locator('li:target').count()).toBe(0);
    await page.goBack();
    await expect.poll(() => heading.innerText()).toBe('mlp-32');
  });

  it('follows the lineage back to a first network, each step by its operator', async () => {
    const record = syntheticRunRecord({ size: 120 });
    const { page } = await open(record);
    const member = frontOf(record).at(-1)!;
    await page.evaluate(`location.hash = '#individual-${member.id}'`);
    await expect.poll(() => page.locator('#details h3').innerText()).toBe(member.id);
    const byId = new Map(record.individuals.map((individual) => [individual.id, individual]));
    const operators: string[] = [];
    for (let one = byId.get(member.id)!, parent = one.provenance.parents[0]; parent !== undefined;) {
      operators.unshift(operatorLabel(one.provenance));
      one = byId.get(parent)!;
      parent = one.provenance.parents[0];
    }
    const steps = await page.locator('.path li').allInnerTexts();
    expect(steps).toHaveLength(operators.length + 1);
    steps.slice(1).forEach((step, index) => {
      expect(step.startsWith(operators[index]!), step).toBe(true);
    });
  });

  it('shows the layers, and what is different in a parent', async () => {
    const record = syntheticRunRecord({ size: 40 });
    const child = record.individuals.find(({ provenance }) => provenance.how === 'mutation')!;
    const layers: Architectures['layers'] = [
      ['input', 'input', [], '1 x 8 x 8', 0, 0, ''],
      ['dense', 'dense', ['input'], '16', 1040, 1024, ''],
      ['old', 'softmax', ['dense'], '16', 0, 0, ''],
      ['dense', 'dense', ['input'], '24', 1560, 1536, ''],
      ['fresh', 'dense', ['dense', 'input'], '10', 250, 240, ''],
    ];
    const networks = { [child.provenance.parents[0]!]: [0, 1, 2], [child.id]: [0, 3, 4] };
    const { page } = await open(record, {}, { architectures: { layers, networks } });
    await page.evaluate(`location.hash = '#individual-${child.id}'`);
    const rows = page.locator(`table[aria-label="Layers of ${child.id}"] tbody tr`);
    await expect.poll(() => rows.count()).toBe(4);
    expect(await rows.locator('td:nth-child(2)').allInnerTexts()).toEqual([
      '',
      'output 16 → 24; parameters 1,040 → 1,560; MACs 1,024 → 1,536',
      'new',
      '',
    ]);
    expect(await rows.last().innerText()).toMatch(/total\s+1,810\s+1,776/);
    expect(await page.locator('#details').innerText()).toContain('it lacks: old (softmax).');
    const drawing = page.getByRole('img', { name: `Drawing of the layers of ${child.id}` });
    expect(await drawing.locator('g').allTextContents()).toEqual(['input1 x 8 x 8', 'dense24', 'dense10']);
    expect(await drawing.locator('g.changed').count()).toBe(1);
    expect(await drawing.locator('g.new').count()).toBe(1);
    expect(await drawing.locator('path').count()).toBe(3);
  });

  it('plots any two objectives', async () => {
    const record = syntheticRunRecord({ size: 120, failEvery: 30 });
    const { page, complaints } = await open(record);
    await page.selectOption('#front-y', 'testError');
    await page.selectOption('#front-x', 'params');
    const shown = await page.evaluate<number[]>(lengthsOfSeries);
    expect(shown.slice(0, 6).reduce((sum, length) => sum + length)).toBe(record.tests.size);
    expect(await page.evaluate(axisNames)).toEqual(['Parameters (log scale)', 'Test error (%)']);
    // Of failures the costs are known, and yet they are no points.
    await page.selectOption('#front-y', 'macs');
    const costs = await page.evaluate<number[]>(lengthsOfSeries);
    expect(costs.slice(0, 6).reduce((sum, length) => sum + length)).toBe(116);
    await page.selectOption('#front-y', 'testError');
    // One against itself: they change places.
    await page.selectOption('#front-x', 'testError');
    expect(await page.inputValue('#front-y')).toBe('params');
    expect(await page.evaluate(axisNames)).toEqual(['Test error (%)', 'Parameters (log scale)']);
    expect(complaints).toEqual([]);
  });

  it('finds the best under a budget', async () => {
    const record = syntheticRunRecord({ size: 120 });
    const { page } = await open(record);
    const front = frontOf(record);
    const best = page.locator('#budget-best');
    // At first the knee, which its own MACs must pay for.
    expect(await best.innerText()).toContain(kneePoint(front, plottedObjectives(record))!.id);
    await page.focus('#budget');
    await page.keyboard.press('Home');
    await expect.poll(() => best.innerText()).toContain(`Best under ${groupedCount(front[0]!.objectives.macs)} MACs`);
    expect(await best.innerText()).toContain('mlp-32');
    for (let step = 0; step < 20; step++) {
      await page.keyboard.press('PageUp');
      const text = await best.innerText();
      const budget = Number(/under ([\d,]+)/.exec(text)![1]!.replaceAll(',', ''));
      const wanted = front.findLast(({ objectives }) => objectives.macs <= budget)!;
      expect(text).toContain(`validation error ${percent(wanted.validation.error)}`);
    }
    await page.keyboard.press('End');
    await expect.poll(() => best.innerText()).toContain(front.at(-1)!.id);
  });

  it('shows the budget and its best in the plot once it is set', async () => {
    const record = syntheticRunRecord({ size: 120 });
    const { page } = await open(record);
    const [best, line] = [
      seriesData('front-chart', 'budget'),
      seriesData('front-chart', 'budget').replace(/data$/, 'markLine.data'),
    ];
    expect(await page.evaluate(best)).toEqual([]);
    await page.focus('#budget');
    await page.keyboard.press('End');
    const last = frontOf(record).at(-1)!;
    expect(await page.evaluate(best)).toMatchObject([
      { individual: record.individuals.findIndex(({ id }) => id === last.id) },
    ]);
    expect(await page.evaluate(line)).toEqual([{ xAxis: last.objectives.macs }]);
    await page.selectOption('#front-x', 'params');
    expect(await page.evaluate(line)).toEqual([]);
    await page.selectOption('#front-y', 'macs');
    expect(await page.evaluate(line)).toEqual([{ yAxis: last.objectives.macs }]);
  });

  it('marks the knee', async () => {
    const record = syntheticRunRecord({ size: 120 });
    const { page } = await open(record);
    const knee = kneePoint(frontOf(record), plottedObjectives(record))!;
    expect(await page.evaluate(seriesData('front-chart', 'knee'))).toEqual([
      {
        individual: record.individuals.findIndex(({ id }) => id === knee.id),
        value: [knee.objectives.macs, expect.any(Number)],
      },
    ]);
    expect(await page.locator('tr', { hasText: '(knee)' }).innerText()).toContain(knee.id);
  });

  it('draws the lineage of 2,000, zooms it and names operators there', async () => {
    const record = syntheticRunRecord({ size: 2000, failEvery: 30 });
    const { page, complaints } = await open(record);
    await comeTo(page, 'lineage-chart');
    const lengths = await page.evaluate<number[]>(lengthsOfSeries.replace('front-chart', 'lineage-chart'));
    expect(lengths.slice(0, 6).reduce((sum, length) => sum + length)).toBe(2000);
    const parents = record.individuals.reduce((sum, { provenance }) => sum + provenance.parents.length, 0);
    expect(lengths[6]).toBe(parents);
    expect(await page.evaluate(lineageLabelled)).toBe(false);
    for (let times = 0; times < 5; times++) await page.click('#lineage-in');
    expect(await page.evaluate(lineageLabelled)).toBe(true);
    await page.click('#lineage-all');
    expect(await page.evaluate(lineageLabelled)).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('lets a finger scroll past the lineage, until it is zoomed', async () => {
    const { page } = await open(syntheticRunRecord({ size: 120 }), phone);
    await comeTo(page, 'lineage-chart');
    const session = await page.context().newCDPSession(page);
    const swipe = async (): Promise<number> => {
      await page.evaluate("document.getElementById('lineage-chart').scrollIntoView({ block: 'center' })");
      const before = await page.evaluate<number>('scrollY');
      const box = (await page.locator('#lineage-chart').boundingBox())!;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      for (const [type, distance] of [
        ['touchStart', 0],
        ['touchMove', 20],
        ['touchMove', 60],
        ['touchMove', 150],
      ] as const)
        await session.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y: y - distance }] });
      await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      return (await page.evaluate<number>('scrollY')) - before;
    };
    expect(await swipe()).toBeGreaterThan(20);
    await page.click('#lineage-in');
    expect(await swipe()).toBe(0);
  });

  it('finds who lies within limits, typed or drawn', async () => {
    const record = syntheticRunRecord({ size: 120, failEvery: 30 });
    const { page, complaints } = await open(record);
    await comeTo(page, 'parallel-chart');
    const matches = page.locator('#parallel-matches');
    expect(await matches.innerText()).toBe('All 116 are shown.');
    await page.getByText('Limits in numbers').click();
    await page.fill('#limit-error-to', '6');
    const below = record.individuals.filter(({ validation }) => validation && validation.error <= 0.06).length;
    expect(await matches.innerText()).toContain(`${below} of 116 lie within the limits`);
    await page.click('#limits-clear');
    // Who was not tested is within no limits of test error.
    await page.fill('#limit-testError-to', '100');
    expect(await matches.innerText()).toContain(`${record.tests.size} of 116`);
    await page.click('#limits-clear');
    expect(await matches.innerText()).toBe('All 116 are shown.');
    await comeTo(page, 'parallel-chart');
    const box = (await page.locator('#parallel-chart').boundingBox())!;
    // The first axis is that of validation error, from its lower end to half.
    await page.mouse.move(box.x + 50, box.y + box.height - 22);
    await page.mouse.down();
    await page.mouse.move(box.x + 50, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => matches.innerText()).toContain('lie within the limits');
    const limit = Number(await page.inputValue('#limit-error-to'));
    expect(limit).toBeGreaterThan(0);
    const drawn = record.individuals.filter(({ validation }) => validation && 100 * validation.error <= limit).length;
    expect(await matches.innerText()).toContain(`${drawn} of 116`);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['many points', { size: 120 }, 'light'],
    ['many points, dark', { size: 120 }, 'dark'],
    ['one point', { size: 1, tested: false, end: null }, 'light'],
    ['no point', { size: 0 }, 'light'],
    ['other objectives', otherObjectives, 'dark'],
  ] as const)('has nothing that axe finds serious, with %s', async (_, options, colorScheme) => {
    const { page } = await open(syntheticRunRecord(options), { colorScheme, bypassCSP: true });
    if (options.size > 1) for (const chart of ['lineage-chart', 'parallel-chart']) await comeTo(page, chart);
    await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
    const found = await page.evaluate<{ impact: string }[]>(
      'axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes[0].html })))',
    );
    expect(found.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  });

  it('shows the picture where there are no scripts, and on paper', async () => {
    const record = syntheticRunRecord({ size: 40 });
    const { page } = await open(record, { javaScriptEnabled: false });
    expect(await page.locator('.picture svg').first().isVisible()).toBe(true);
    expect(await page.locator('.interactive').first().isVisible()).toBe(false);
    for (const part of await page.locator('.needs-script').all()) expect(await part.isVisible()).toBe(false);
    const id = frontOf(record)[0]!.id;
    await page.locator(`a[href="#individual-${id}"]`).click();
    expect(await page.locator('li:target').innerText()).toContain(id);
    const { page: printed } = await open(record);
    await printed.emulateMedia({ media: 'print' });
    expect(await printed.locator('.picture svg').first().isVisible()).toBe(true);
    expect(await printed.locator('.interactive').first().isVisible()).toBe(false);
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
