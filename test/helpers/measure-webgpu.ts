// A process of its own: measures the conformance of an engine on WebGPU and writes it as JSON to standard output.
import type { EngineName } from '../../src/engine/auto/engine-names.ts';
import { measureWebGpuEngine } from './conformance-engines.ts';

const [, , name, cases] = process.argv;
const errors = await measureWebGpuEngine(name as EngineName, Number(cases));
// Native libraries may keep the process alive.
process.stdout.write(JSON.stringify(errors), () => process.exit(0));
