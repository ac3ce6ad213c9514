// Plants faults in a copy of the tree, runs the tests that are to catch them, and writes which one did.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { faults, type Fault } from './operator-faults.ts';
import { stitchingFaults } from './stitching-faults.ts';

/** Faults, the tests that are to catch them, and where it is written what came of it. */
interface Suite {
  readonly faults: readonly Fault[];
  readonly file: string;
  readonly tests: readonly string[];
  readonly page: string;
}

const suites: Readonly<Record<string, Suite>> = {
  operators: {
    faults,
    file: 'scripts/operator-faults.ts',
    tests: ['operators', 'operators-replicas', 'operators-training', 'shrinking-operators'].map(
      (name) => `test/laws/${name}.test.ts`,
    ),
    page: 'docs/mutation-tests.md',
  },
  stitching: {
    faults: stitchingFaults,
    file: 'scripts/stitching-faults.ts',
    tests: ['test/unit/stitching', 'test/laws/stitching', 'test/laws/matching'],
    page: 'docs/results/stitching-faults.md',
  },
};

const folders = ['operators', 'src', 'stitching', 'population', 'test', 'assets'];
const copied = [...folders, 'package.json', 'tsconfig.json', 'vitest.config.ts'];

interface Outcome {
  readonly fault: Fault;
  /** The first test that failed, or nothing. */
  readonly killer: string | undefined;
  readonly seconds: number;
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const copy = mkdtempSync(join(tmpdir(), 'neurostitch-faults-'));
try {
  for (const name of copied) cpSync(name, join(copy, name), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'));
  const asked = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(suites);
  for (const name of asked) {
    const suite = suites[name];
    if (!suite) throw new Error(`Expected a suite (${Object.keys(suites).join(', ')}), got "${name}"`);
    const untouched = firstFailure(suite);
    if (untouched !== undefined) throw new Error(`Expected tests that pass without a fault, got: ${untouched}`);
    const outcomes = suite.faults.map((fault) => planted(fault, suite));
    writeFileSync(suite.page, await page(name, suite, outcomes));
    const survivors = outcomes.filter(({ killer }) => killer === undefined);
    process.stdout.write(`${outcomes.length - survivors.length} of ${outcomes.length} faults caught\n`);
    if (survivors.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function planted(fault: Fault, suite: Suite): Outcome {
  const path = join(copy, fault.file);
  const whole = readFileSync(path, 'utf8');
  if (whole.split(fault.find).length !== 2) throw new Error(`Expected one place in ${fault.file} with: ${fault.find}`);
  // A function, as `$` in a text to replace by has a meaning of its own.
  writeFileSync(
    path,
    whole.replace(fault.find, () => fault.replace),
  );
  const start = performance.now();
  const killer = firstFailure(suite);
  const seconds = (performance.now() - start) / 1000;
  writeFileSync(path, whole);
  process.stdout.write(`${seconds.toFixed(1)} s  ${fault.name}: ${killer ?? 'NOT CAUGHT'}\n`);
  return { fault, killer, seconds };
}

/** The first test that fails, if any. */
function firstFailure({ tests }: Suite): string | undefined {
  const out = join(copy, 'results.json');
  rmSync(out, { force: true });
  const flags = ['--bail=1', '--reporter=json', `--outputFile=${out}`];
  spawnSync('npx', ['vitest', 'run', ...tests, ...flags], { cwd: copy, stdio: 'ignore', timeout: 300_000 });
  const { testResults } = JSON.parse(readFileSync(out, 'utf8')) as Report;
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  if (results.length === 0) throw new Error('Expected tests that can be run, got none');
  const failed = results.filter(({ status }) => status === 'failed');
  // A test that is cut off because another one failed counts as failed, too, but says nothing against the fault.
  const broken = failed.find(({ failureMessages }) => failureMessages.some((text) => /Property|Assertion/.test(text)));
  return (broken ?? failed[0])?.fullName.replaceAll("'", '');
}

function page(name: string, { file, tests }: Suite, outcomes: readonly Outcome[]): Promise<string> {
  const rows = outcomes.map(({ fault, killer, seconds }) =>
    [fault.name, `\`${fault.file}\``, killer ?? '**not caught**', seconds.toFixed(0)].join(' | '),
  );
  const text = `# Mutation tests of ${name}

Written by \`npm run -s mutation-test -- ${name}\`, which plants each fault of \`${file}\` in a copy of the tree and runs
${tests.map((test) => `\`${test}\``).join(', ')} until the first test fails.
${outcomes.filter(({ killer }) => killer).length} of ${outcomes.length} faults were caught.

| fault | file | caught by | s |
| --- | --- | --- | ---: |
${rows.map((cells) => `| ${cells} |`).join('\n')}
`;
  return format(text, { parser: 'markdown', printWidth: 120, proseWrap: 'always' });
}
