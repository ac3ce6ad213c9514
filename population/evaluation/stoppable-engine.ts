// An engine that can be told to stop: it then refuses the next piece of work, so whatever uses it ends within one batch.
import type { Engine, Program } from '../../src/engine/engine.ts';
import { NeurostitchError } from '../../src/errors.ts';

/** Asks `shouldStop` before every batch and compilation; throws `interrupted` once it says yes. */
export function stoppableEngine(engine: Engine, shouldStop: () => boolean): Engine {
  const unlessStopped = <T>(work: () => Promise<T>): Promise<T> =>
    shouldStop() ? Promise.reject(new NeurostitchError('interrupted', 'Evaluation was told to stop')) : work();
  const guarded = (program: Program): Program => ({
    forward: (...call) => unlessStopped(() => program.forward(...call)),
    gradients: (...call) => unlessStopped(() => program.gradients(...call)),
    step: (...call) => unlessStopped(() => program.step(...call)),
    normalEquations: (...call) => unlessStopped(() => program.normalEquations(...call)),
    snapshot: () => program.snapshot(),
    dispose: () => program.dispose(),
  });
  return {
    name: engine.name,
    device: engine.device,
    compile: (...call) => unlessStopped(async () => guarded(await engine.compile(...call))),
  };
}
