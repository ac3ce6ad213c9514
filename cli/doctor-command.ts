// neurostitch doctor: the engines that work on this machine, and the one that "auto" picks.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Command } from 'commander';
import { bestEngine } from '../src/engine/auto/choose-engine.ts';
import { findEngines } from '../src/engine/auto/find-engines.ts';
import { packageVersion } from '../src/package-root.ts';
import { helpExamples } from './help-examples.ts';

/** What engines are made of. */
const packages = [
  'onnxruntime-node',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-node-gpu',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-backend-webgpu',
  'webgpu',
];

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Print the engines that work on this machine, and the one that "auto" picks.')
    .option('--json', 'print it as JSON')
    .addHelpText('after', helpExamples('doctor', 'doctor --json'))
    .action(async ({ json }: { json?: true }) => {
      const engines = await findEngines();
      const report = {
        neurostitch: packageVersion(),
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        packages: Object.fromEntries(packages.map((name) => [name, installedVersion(name) ?? null])),
        engines,
        auto: bestEngine(engines),
      };
      process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
    });
}

interface DoctorReport {
  readonly neurostitch: string;
  readonly node: string;
  readonly platform: string;
  readonly packages: Readonly<Record<string, string | null>>;
  readonly engines: Awaited<ReturnType<typeof findEngines>>;
  readonly auto: ReturnType<typeof bestEngine>;
}

function asText({ neurostitch, node, platform, packages: versions, engines, auto }: DoctorReport): string {
  const rows = engines.map(({ name, device, accelerated, problem }) => [
    name,
    device === undefined ? 'no' : 'yes',
    device === undefined ? (problem ?? '') : `${device}${accelerated ? ' (GPU)' : ''}`,
  ]);
  return [
    `neurostitch ${neurostitch}, node ${node}, ${platform}`,
    '',
    ...Object.entries(versions).map(([name, version]) => `${name.padEnd(33)}${version ?? 'not installed'}`),
    '',
    ...[['engine', 'works', 'on what, or why not'], ...rows].map(([name, works, place]) =>
      `${name!.padEnd(17)}${works!.padEnd(7)}${place}`.trimEnd(),
    ),
    '',
    `auto picks ${auto.name}: ${auto.why}`,
    '',
  ].join('\n');
}

/** Read from the package's own file, since loading a native package may crash. */
function installedVersion(name: string): string | undefined {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const manifest = folders.map((folder) => join(folder, name, 'package.json')).find((path) => existsSync(path));
  return manifest && (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
