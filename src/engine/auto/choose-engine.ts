// Chooses an engine, by name or the best that works, and says why.
import type { Engine } from '../engine.ts';
import type { OnnxSettings } from '../onnx/session.ts';
import { engineCandidate, engineCandidates } from './engine-candidates.ts';
import type { EngineName } from './engine-names.ts';
import { findEngines } from './find-engines.ts';
import type { EngineFinding } from './probe-engine.ts';

export interface EngineChoice {
  readonly name: EngineName;
  readonly why: string;
}

/** What `auto` tries; the CPU it takes without trying. */
const accelerators = engineCandidates
  .map(({ name }) => name)
  .slice(
    0,
    engineCandidates.findIndex(({ name }) => name === 'onnx-cpu'),
  );

/** The first accelerator on a GPU in hardware, else onnxruntime on the CPU. */
export function bestEngine(findings: readonly EngineFinding[]): EngineChoice {
  const tried = accelerators.map((name) => findings.find((finding) => finding.name === name));
  const best = tried.find((finding) => finding?.accelerated);
  if (best) return { name: best.name, why: `the first that runs on a GPU: ${best.device}` };
  const reasons = tried.map(
    (finding, at) => `${accelerators[at]} ${finding?.device ? 'runs without a GPU' : 'does not run'}`,
  );
  return { name: 'onnx-cpu', why: `no GPU was found (${reasons.join(', ')})` };
}

/**
 * The engine of a name, or for `auto` the best that works here, which takes a second or two to find out.
 *
 * Throws `bad-argument` for an unknown name, `engine-failed` where a package or device is missing.
 */
export async function chooseEngine(
  name: EngineName | 'auto',
  settings: Pick<OnnxSettings, 'threads'> = {},
): Promise<{ readonly engine: Engine; readonly choice: EngineChoice }> {
  const choice = name === 'auto' ? bestEngine(await findEngines(accelerators)) : { name, why: 'it was asked for' };
  return { engine: await engineCandidate(choice.name).create(settings), choice };
}
