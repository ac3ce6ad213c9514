// One training step, forward, backward and Adam, against PyTorch where it is installed.
import { adam } from '../src/training/optimisers/adam.ts';
import { sideBySide } from './side-by-side.ts';

export function measure(): Promise<object> {
  return sideBySide((program, batch, targets) => program.step(batch, targets, adam(1e-3)), 'step');
}
