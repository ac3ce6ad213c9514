import { expect, test } from 'vitest';
import { frontOf } from '../../../population/run/run-record.ts';
import { headerSection } from '../../../report/page/header-section.ts';
import { runsContent } from '../../../report/page/runs-page.ts';
import { controlOf, syntheticRunRecord } from '../../helpers/run-record.ts';

const whole = syntheticRunRecord({ size: 30, failEvery: 10 });
const [failed] = whole.individuals.filter(({ validation }) => validation === null);
const controls = [controlOf(whole.individuals[20]!, 0.1), { ...controlOf(failed!, 0), validation: null }];
const record = { ...whole, controls };

test('evaluations are those of the journal, controls and what failed of them included', () => {
  const text = headerSection(record, frontOf(record), false).text;
  expect(text).toContain('<dt>Evaluations</dt><dd class="value">32</dd><dd class="muted">4 failures</dd>');
  expect(runsContent('runs', new Map([['one', { record, isRunning: false }]])).body.text).toContain(
    '<td class="number">32</td>',
  );
});

test('the hypervolume states its reference point', () => {
  expect(headerSection(record, frontOf(record), false).text).toContain(
    'of the box up to the reference point: validation error 100\u00a0%, 1M MACs</dd>',
  );
});
