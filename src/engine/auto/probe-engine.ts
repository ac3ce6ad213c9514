// Tries an engine out: the only sure way to know that its libraries, drivers and device work together.
import { reasonOf } from '../../errors.ts';
import { NetworkBuilder } from '../../network/network-builder.ts';
import { RandomStream } from '../../random/stream.ts';
import { engineCandidate } from './engine-candidates.ts';
import type { EngineName } from './engine-names.ts';

export interface EngineFinding {
  readonly name: EngineName;
  /** Where and how it computes; undefined where it does not work. */
  readonly device: string | undefined;
  /** Whether that is a GPU in hardware. */
  readonly accelerated: boolean;
  /** Why it does not work. */
  readonly problem?: string;
}

/** Runs a small network. What fails without ending the process becomes the finding's problem. */
export async function probeEngine(name: EngineName): Promise<EngineFinding> {
  const candidate = engineCandidate(name);
  try {
    const engine = await candidate.create({});
    const builder = new NetworkBuilder([2], RandomStream.fromSeed('probe'));
    builder.layer('dense', { units: 2 });
    const program = await engine.compile([builder.build()]);
    await program.forward({ size: 1, data: Float32Array.of(1, -1) });
    return { name, device: engine.device, accelerated: await candidate.isAccelerated(engine) };
  } catch (error) {
    const problem = reasonOf(error);
    return { name, device: undefined, accelerated: false, problem };
  }
}
