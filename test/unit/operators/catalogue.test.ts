// The catalogue page says what the registry says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { operators } from '../../../operators/registry.ts';
import { operatorCatalogue } from '../../../scripts/operator-catalogue.ts';
import { packageRoot } from '../../../src/package-root.ts';
import { laws } from '../../helpers/operator-laws.ts';

test('docs/operators.md is what `npm run -s catalogue` writes', async () => {
  expect(readFileSync(join(packageRoot(), 'docs/operators.md'), 'utf8')).toBe(await operatorCatalogue());
});

test.each(operators)('$name says how the numbers change and where it applies, and has laws', (operator) => {
  expect(operator).toMatchObject({
    formula: expect.stringMatching(/./) as string,
    conditions: expect.stringMatching(/./) as string,
  });
  expect(laws.filter((law) => law.operators.includes(operator)).length).toBeGreaterThan(0);
});
