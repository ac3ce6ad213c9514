// An engine whose every piece of work passes through a guard, which may refuse it or take note of it.
import type { Engine, Program } from '../../src/engine/engine.ts';

/** Does the work, or rejects. */
export type Guard = <T>(work: () => Promise<T>) => Promise<T>;

/** Pieces of work are compilations, batches and steps; freeing what they held is none. */
export function guardedEngine(engine: Engine, guard: Guard): Engine {
  const guarded = (program: Program): Program => ({
    forward: (...call) => guard(() => program.forward(...call)),
    gradients: (...call) => guard(() => program.gradients(...call)),
    step: (...call) => guard(() => program.step(...call)),
    normalEquations: (...call) => guard(() => program.normalEquations(...call)),
    snapshot: () => program.snapshot(),
    dispose: () => program.dispose(),
  });
  return {
    name: engine.name,
    device: engine.device,
    compile: (...call) => guard(async () => guarded(await engine.compile(...call))),
  };
}
