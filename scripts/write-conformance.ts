// Measures every kind of layer on every engine against the float64 reference and writes docs/conformance.md.
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import {
  cpuEngines,
  kindTolerance,
  measureEngine,
  measureInProcess,
  webGpuEngines,
  type EngineErrors,
} from '../test/helpers/conformance-engines.ts';
import { coveredKinds } from '../test/helpers/kind-cases.ts';

// On a GPU in software a case takes seconds: its shaders are compiled first.
const cases = { cpu: 200, webGpu: 6 };

const measured: [name: string, errors: EngineErrors][] = [];
for (const name of cpuEngines) measured.push([name, await measureEngine(name, cases.cpu)]);
for (const name of webGpuEngines) measured.push([name, await measureInProcess(name, cases.webGpu)]);

const missing = measured.find(([, errors]) => errors.missing !== undefined);
if (missing) throw new Error(`Expected a device for ${missing[0]}, got none: ${missing[1].missing}`);

/** One digit, rounded up: the largest error seen is no larger. */
function errorText(error: number): string {
  if (error === 0) return '0';
  const power = Math.floor(Math.log10(error));
  const digit = Math.ceil(error / 10 ** power);
  return digit === 10 ? `1e${power + 1}` : `${digit}e${power}`;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const header = ['kind', ...measured.flatMap(([name]) => [`${name}, forward`, 'gradient'])];
const rows = coveredKinds.map((kind) => [
  kind,
  ...measured.flatMap(([, { kinds }]) => [errorText(kinds[kind]!.forward), errorText(kinds[kind]!.gradient)]),
]);

const text = `# Conformance

Written by \`npm run -s conformance\`. The largest error of each engine against the float64 reference, rounded up to one
digit. "forward" is relative to the largest value of the layer's output. "gradient" is that by every entry of the layer's
inputs and parameters in train mode, relative to the largest gradient that arrives at the layer or leaves it.

Every kind stays within ${kindTolerance.toExponential()}; \`test/laws/kind-conformance.test.ts\` checks it, with fewer cases. No operation has
a looser tolerance. The input has no row, since engines feed it themselves. Cases are random, from fixed seeds: images of
different prime height and width, vectors, batches of 1 to 5 samples (every third of 1), every option of a kind.

${measured.map(([name, { device, kinds }]) => `- ${name}: ${kinds[coveredKinds[0]!]!.cases} cases of each kind, on ${device}`).join('\n')}

${[row(header), row(header.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n')}
`;
writeFileSync('docs/conformance.md', await format(text, { parser: 'markdown', printWidth: 120 }));
