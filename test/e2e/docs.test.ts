// The TypeScript that README and guide show is run, block after block, as a reader would.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';

const root = packageRoot();
const folder = mkdtempSync(join(tmpdir(), 'neurostitch-docs-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each(['README.md', 'docs/guide.md'])('%s: every block of TypeScript runs', async (page) => {
  const place = mkdtempSync(join(folder, 'reader-'));
  // The package is found there as if it had been installed.
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  writeFileSync(join(place, 'package.json'), '{ "type": "module" }');
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
  expect(blocks.length).toBeGreaterThan(0);
  for (const [index, code] of blocks.entries()) {
    const file = join(place, `block-${index + 1}.ts`);
    writeFileSync(file, code.replaceAll("from 'neurostitch'", `from '${join(root, 'index.ts')}'`));
    await promisify(execFile)(process.execPath, ['--import', 'tsx', file], { cwd: place });
  }
});
