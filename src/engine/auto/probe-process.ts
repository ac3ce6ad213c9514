// A process of its own to try engines in: writes each finding as a line of JSON to standard output.
import type { EngineName } from './engine-names.ts';
import { probeEngine } from './probe-engine.ts';

for (const name of process.argv.slice(2)) {
  const finding = await probeEngine(name as EngineName);
  await new Promise((resolve) => process.stdout.write(`${JSON.stringify(finding)}\n`, resolve));
}
// Native libraries may keep the process alive.
process.exit(0);
