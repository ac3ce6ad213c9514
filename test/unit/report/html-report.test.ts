import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { ShownLayer } from '../../../report/architectures.ts';
import { echartsBrowserBuild } from '../../../report/charts/echarts-library.ts';
import { htmlReport } from '../../../report/html-report.ts';
import { clientScript } from '../../../report/page/client-script.ts';
import { syntheticRunRecord, type RunRecordOptions } from '../../helpers/run-record.ts';

/** The page without the library, whose source has HTML of its own. */
function pageOf(options: RunRecordOptions): string {
  return htmlReport(syntheticRunRecord(options)).replace(echartsBrowserBuild(), '');
}

describe('htmlReport', () => {
  it.each<[string, RunRecordOptions, string]>([
    ['finished', { size: 120 }, 'Finished: 8 generations done.'],
    ['stopped by its limit', { size: 120, end: 'maxEvaluations' }, 'Finished: the limit of 500 evaluations'],
    ['exhausted', { size: 40, end: 'exhausted' }, 'Finished early: no child could be made'],
    ['interrupted', { size: 40, end: 'interrupted' }, 'Interrupted'],
    ['cut off', { size: 40, end: null, tested: false }, 'Not finished'],
    ['of one point', { size: 1, end: null }, '11.80'],
    ['without finished individuals', { size: 3, failEvery: 1 }, '3 individuals failed'],
    ['empty', { size: 0, end: null }, 'There is no front yet'],
  ])('reports a run that is %s', (_, options, wanted) => {
    const page = pageOf(options);
    expect(page).toContain(wanted);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">[\s\S]*<\/html>\n$/);
    expect(page.replace(/<script[\s\S]*<\/script>/, '')).not.toMatch(/undefined|NaN|Infinity|\[object/);
  });

  it('promises nothing that cannot be done, and says what no setting means', () => {
    const page = pageOf({ size: 40, end: 'interrupted' });
    expect(page).toContain('Interrupted: the run was stopped before its end.</p>');
    expect(pageOf({ size: 40, end: null })).toContain('Not finished: the run is still going on, or was cut off.</p>');
    expect(page).toContain('<dt><code>operators</code></dt><dd>all</dd>');
  });

  it('has the hypervolume of the front it shows, also within a generation', () => {
    const whole = syntheticRunRecord({ size: 20, end: 'interrupted' });
    const perfect = { ...whole.individuals[19]!, id: 'latest', validation: { error: 0, loss: 0 }, macs: 250_000 };
    expect(htmlReport({ ...whole, individuals: [perfect] })).toContain('<dd class="value">75.00\u00a0%</dd>');
  });

  it('has headings in order', () => {
    const levels = Array.from(pageOf({ size: 120 }).matchAll(/<h(\d)/g), ([, level]) => Number(level));
    expect(levels).toEqual([1, 2, 2, 2, 2, 2, 2, 2]);
  });

  it('links to nothing outside of itself', () => {
    const addresses = new Set(pageOf({ size: 120 }).match(/https?:[^"'\s<]*/g));
    expect([...addresses].filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
    expect(pageOf({ size: 120 })).not.toMatch(/<script[^>]* src=|<link[^>]* href="(?!data:)/);
  });

  it('stays under 1.6 MB, and small without charts', () => {
    expect(Buffer.byteLength(htmlReport(syntheticRunRecord({ size: 120 })))).toBeLessThan(1_600_000);
    expect(htmlReport(syntheticRunRecord({ size: 0 })).length).toBeLessThan(20_000);
  });

  it('stays under 3 MB for 2,000 individuals, 400 of them with 60 layers each', () => {
    const record = syntheticRunRecord({ size: 2000 });
    // Every network with ten layers of its own: no child has as many.
    const layers = Array.from({ length: 4050 }, (_, index): ShownLayer => {
      return [
        `conv2d_${index}`,
        'conv2d',
        [`batchNorm_${index}`],
        '64 x 32 x 32',
        36_928,
        37_748_736,
        'stride 1 x 1, pads 1',
      ];
    });
    const shared = Array.from({ length: 50 }, (_, index) => index);
    const own = (place: number): number[] => Array.from({ length: 10 }, (_, index) => 50 + 10 * place + index);
    const networks = Object.fromEntries(
      record.individuals.slice(0, 400).map(({ id }, place) => [id, [...shared, ...own(place)]]),
    );
    expect(Buffer.byteLength(htmlReport(record, { architectures: { layers, networks } }))).toBeLessThan(3_000_000);
  });

  it('quotes a folder for the shell, and no other', () => {
    const folderIn = (folder: string): string | undefined =>
      /"folder":("(?:[^"\\\\]|\\\\.)*")/.exec(htmlReport(syntheticRunRecord({ size: 4 }), { folder }))?.[1];
    expect(folderIn('runs/x-1')).toBe('"runs/x-1"');
    expect(folderIn("my runs/it's")).toBe(JSON.stringify("'my runs/it'\\''s'"));
  });

  it('is the same text for the same run', () => {
    expect(htmlReport(syntheticRunRecord({ size: 40 }))).toBe(htmlReport(syntheticRunRecord({ size: 40 })));
  });

  it('lets no name inject markup', () => {
    const page = pageOf({ size: 40, name: `</script><img onerror="alert(1)" src='x'></title><!--` });
    expect(page).not.toMatch(/<img|<!--/);
    expect(page.match(/<\/script>/g)).toHaveLength(3);
    expect(page.match(/<\/title>/g)).toHaveLength(3);
    expect(page).toContain('&lt;/script&gt;&lt;img onerror=&quot;alert(1)&quot; src=&#39;x&#39;&gt;');
  });
});

describe('clientScript', () => {
  it('is JavaScript', () => {
    expect(() => new Script(clientScript.text)).not.toThrow();
  });
});
