// Runs one benchmark by name and prints one JSON object: `npm run -s bench -- train-step`.
import { existsSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** A benchmark exports `measure`, which returns what is printed. */
interface Benchmark {
  readonly measure: () => Promise<object>;
}

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''));
const [name = ''] = process.argv.slice(2);

if (!existsSync(join(import.meta.dirname, `${name}.bench.ts`))) {
  process.stderr.write(`error: Expected a benchmark (${names.join(', ')}), got "${name}"\n`);
  process.exitCode = 2;
} else {
  const { measure } = (await import(`./${name}.bench.ts`)) as Benchmark;
  const machine = { cpu: cpus()[0]!.model, cores: cpus().length, node: process.version };
  process.stdout.write(`${JSON.stringify({ benchmark: name, machine, ...(await measure()) }, null, 2)}\n`);
}
