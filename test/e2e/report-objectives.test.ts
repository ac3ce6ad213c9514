// The report of a run whose objectives and constraints are its own, in a headless browser.
import { describe, expect, it } from 'vitest';
import { frontOf } from '../../population/run/run-record.ts';
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
import { recall, syntheticRunRecord } from '../helpers/run-record.ts';

const axisNameSides = `(() => {
  const axes = echarts.getInstanceByDom(document.getElementById('parallel-chart')).getOption().parallelAxis;
  const isRecall = ({ name }) => name.startsWith('Recall');
  const sideOf = ({ nameLocation }) => nameLocation;
  return { recall: sideOf(axes.find(isRecall)), others: [...new Set(axes.filter((one) => !isRecall(one)).map(sideOf))] };
})()`;

const signed = (value: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' });

describe.skipIf(missing)(`a run of other objectives${missing ? ` (skipped: no ${executablePath})` : ''}`, () => {
  const open = openerOfReports();

  it('plots, bounds and seeks what the run optimises', async () => {
    const record = syntheticRunRecord(otherObjectives);
    const { page, complaints } = await open(record);
    const front = frontOf(record);
    expect(await page.evaluate(axisNames)).toEqual(['Bytes of weights (log scale)', 'Recall of class 3 (%)']);
    const shown = await page.evaluate<number[]>(lengthsOfSeries);
    const breaking = record.individuals.filter(({ violation }) => violation! > 0).length;
    // Ringed is who is on the run's front, hollow who breaks a constraint.
    expect(shown.slice(0, 3).reduce((sum, length) => sum + length)).toBe(front.length);
    expect(shown.slice(6, 9).reduce((sum, length) => sum + length)).toBe(breaking);
    const bounds = seriesData('front-chart', 'bounds').replace(/data$/, 'markLine.data');
    expect(await page.evaluate(bounds)).toMatchObject([{ xAxis: 60_000 }]);
    await page.focus('#budget');
    await page.keyboard.press('Home');
    const cheapest = Math.min(...front.map(({ objectives }) => objectives.bytes!));
    const best = page.locator('#budget-best');
    await expect.poll(() => best.innerText()).toContain(`Best under ${groupedCount(cheapest)}\u00a0B: `);
    await page.keyboard.press('End');
    const most = Math.max(...front.map(({ objectives }) => objectives.recall!));
    await expect.poll(() => best.innerText()).toContain(`recall of class 3 ${percent(most)}`);
    await page.selectOption('#front-y', 'params');
    expect(await page.evaluate(bounds)).toMatchObject([{ xAxis: 60_000 }, { yAxis: 16_000 }]);
    await comeTo(page, 'parallel-chart');
    // Above their axes: below, the name of one that is turned about would be cut off.
    expect(await page.evaluate(axisNameSides)).toEqual({ recall: 'start', others: ['end'] });
    await page.getByText('Limits in numbers').click();
    await page.fill('#limit-bytes-to', '60000');
    const top = record.individuals
      .filter(({ values }) => values!.bytes! <= 60_000)
      .sort((a, b) => b.values!.recall! - a.values!.recall!)[0]!;
    expect(await page.locator('#parallel-matches a').first().innerText()).toBe(top.id);
    expect(complaints).toEqual([]);
  });

  it('finds the best under a budget among all that keep the constraints, not on a front of other objectives', async () => {
    const record = syntheticRunRecord({
      size: 120,
      failEvery: 30,
      settings: { objectives: ['error', 'recall'], constraints: { params: { max: 16_000 } } },
      own: [recall],
    });
    const { page } = await open(record);
    await page.focus('#budget');
    const feasible = record.individuals.filter(({ violation }) => violation === 0);
    for (const key of ['Home', 'PageUp', 'PageUp', 'PageUp']) {
      await page.keyboard.press(key);
      const text = await page.locator('#budget-best').innerText();
      const budget = Number(/under ([\d,]+)/.exec(text)![1]!.replaceAll(',', ''));
      const least = Math.min(...feasible.filter(({ macs }) => macs <= budget).map((one) => one.validation!.error));
      expect(text).toContain(`validation error ${percent(least)}`);
    }
  });

  it('tells differences of shares in points', async () => {
    const record = syntheticRunRecord(otherObjectives);
    const { page } = await open(record);
    const child = record.individuals.find(({ provenance }) => provenance.parents.length === 1)!;
    await page.evaluate(`location.hash = '#individual-${child.id}'`);
    const row = page.locator('#details tr').filter({ hasText: 'Validation error' });
    await page.locator('#details').getByRole('heading', { name: child.id }).waitFor();
    const [parent] = record.individuals.filter(({ id }) => id === child.provenance.parents[0]);
    const points = 100 * (child.validation!.error - parent!.validation!.error);
    expect(await row.innerText()).toContain(`${percent(child.validation!.error)}\t${signed(points)}\u00a0points`);
  });

  it('says of an individual what it breaks, and what is an estimate', async () => {
    const record = syntheticRunRecord(otherObjectives);
    const { page } = await open(record);
    const details = page.locator('#details');
    const tell = async (id: string): Promise<string> => {
      await page.evaluate(`location.hash = '#individual-${id}'`);
      await details.getByRole('heading', { name: id }).waitFor();
      return details.innerText();
    };
    const children = record.individuals.slice(4);
    const costly = children.find(({ values }) => values!.bytes! > 60_000)!;
    const over = groupedCount(costly.values!.bytes! - 60_000);
    expect(await tell(costly.id)).toContain(
      `It breaks a constraint: bytes of weights ${over}\u00a0B above 60,000\u00a0B`,
    );
    const stopped = children.find(({ validation }) => validation!.samples < 359)!;
    expect(await tell(stopped.id)).toContain(
      'It was dominated for certain after the 45 hardest of 359 samples: error and loss are estimates for all.',
    );
    const plain = children.find(({ violation, validation }) => violation === 0 && validation!.samples === 359)!;
    const text = await tell(plain.id);
    expect(text).not.toMatch(/constraint|estimate/);
    expect(text).toContain('Latency (measured, not reproducible)');
  });
});
