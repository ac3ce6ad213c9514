import { expect, it } from 'vitest';
import type { ControlRecord } from '../../../population/run/journal-events.ts';
import { controlComparison } from '../../../report/control-comparison.ts';
import { htmlReport } from '../../../report/html-report.ts';
import { controlOf, scoredAs, syntheticRunRecord } from '../../helpers/run-record.ts';

const record = syntheticRunRecord({ size: 40 });
const template = record.individuals.find(({ provenance }) => provenance.how === 'mutation')!;
const children = [0.1, 0.2, 0.3].map((error, index) => ({ ...scoredAs(template, error), id: `child ${index}` }));

it('holds each mutated child against the control of its parent and generation', () => {
  const control = controlOf(template, 0.2);
  expect(controlComparison({ individuals: children, controls: [control] })).toEqual({ compared: 3, better: 1 });
  // Of another generation, of another parent, failed.
  const others: ControlRecord[] = [
    { ...control, generation: template.generation + 1 },
    { ...control, provenance: { how: 'control', parents: ['other'] } },
    { ...control, validation: null },
  ];
  for (const other of others)
    expect(controlComparison({ individuals: children, controls: [other] })).toEqual({ compared: 0, better: 0 });
});

it('holds no stitched and no failed child against one', () => {
  const stitched = record.individuals.find(({ provenance }) => provenance.how === 'stitching')!;
  const failed = { ...template, validation: null };
  const controls = [controlOf(template, 0.9), controlOf(stitched, 0.9)];
  expect(controlComparison({ individuals: [stitched, failed], controls })).toEqual({ compared: 0, better: 0 });
});

it('is in the report, with what controls cost', () => {
  const individuals = [...record.individuals.slice(0, 4), ...children];
  const page = htmlReport({ ...record, individuals, controls: [controlOf(template, 0.25)] });
  expect(page).toContain('2 of 3 mutated children beat their control (66.67\u00a0%)');
  expect(page).toContain('<dt>Compute of controls</dt><dd>4.32k samples trained on');
  expect(htmlReport(record)).not.toContain('<dt>Controls</dt>');
});
