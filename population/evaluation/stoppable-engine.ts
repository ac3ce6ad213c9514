// An engine that can be told to stop: it then refuses the next piece of work, so whatever uses it ends within one batch.
import type { Engine } from '../../src/engine/engine.ts';
import { NeurostitchError } from '../../src/errors.ts';
import { guardedEngine } from './guarded-engine.ts';

/** Asks `shouldStop` before every batch and compilation; throws `interrupted` once it says yes. */
export function stoppableEngine(engine: Engine, shouldStop: () => boolean): Engine {
  return guardedEngine(engine, (work) =>
    shouldStop() ? Promise.reject(new NeurostitchError('interrupted', 'Evaluation was told to stop')) : work(),
  );
}
