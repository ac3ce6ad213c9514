import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { ShownLayer } from '../../../report/shown-layers.ts';
import { echartsBrowserBuild } from '../../../report/charts/echarts-library.ts';
import { htmlReport } from '../../../report/html-report.ts';
import { clientScript } from '../../../report/page/client-script.ts';
import { recall, scoredAs, syntheticRunRecord, type RunRecordOptions } from '../../helpers/run-record.ts';

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
    [
      'out of samples',
      { size: 40, end: 'maxSamples', settings: { maxSamples: 9000 } },
      'the limit of 9,000 training samples',
    ],
    [
      'without gain',
      { size: 40, end: 'patience', settings: { patience: 3 } },
      'no gain in hypervolume for 3 generations',
    ],
    ['stopped by a rule', { size: 40, end: 'stopped' }, 'a stopping rule'],
    [
      'of one objective',
      { size: 40, settings: { objectives: ['error'] } },
      'dominates a first parent on validation error. ',
    ],
    ['of three objectives', { size: 40, settings: { objectives: ['error', 'params', 'bytes'] } }, 'no worse in any'],
    [
      'of own objectives',
      { size: 40, settings: { objectives: ['recall', 'bytes'] }, own: [recall] },
      'Best recall of class 3',
    ],
    [
      'of a clock',
      { size: 40, settings: { objectives: ['error', 'latency'] } },
      ' Latency: measured, not reproducible.',
    ],
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
    const perfect = { ...scoredAs(whole.individuals[19]!, 0, 250_000), id: 'latest' };
    expect(htmlReport({ ...whole, individuals: [perfect] })).toContain('<dd class="value">75.00\u00a0%</dd>');
  });

  it('says what it ran on, and with which settings', () => {
    const page = pageOf({ size: 4 });
    expect(page).toContain('<dt>Version</dt><dd>neurostitch 0.1.0</dd>');
    expect(page).toContain('<dt>Node</dt><dd>20.19.2 on linux x64</dd>');
    expect(page).toContain('<dt>Hardware</dt><dd>Example CPU 3.0 GHz, 4 cores, 8.0 GiB of memory</dd>');
    expect(page).toContain('<dt><code>seed</code></dt><dd>42</dd>');
  });

  it('lets only its own scripts run, and asks for nothing', () => {
    const report = htmlReport(syntheticRunRecord({ size: 4 }));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(report)![1]!.replaceAll('&#39;', "'");
    expect(policy).not.toContain('connect-src');
    expect(policy).toContain("default-src 'none'");
    const scripts = Array.from(report.matchAll(/<script>([\s\S]*?)<\/script>/g), ([, text]) => text!);
    const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    expect(/script-src ([^;]*)/.exec(policy)![1]!.split(' ')).toEqual(hashes);
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
    expect(() => new Script(clientScript().text)).not.toThrow();
  });
});
