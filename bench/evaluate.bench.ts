// One forward pass in eval mode, against PyTorch where it is installed.
import { sideBySide } from './side-by-side.ts';

export function measure(): Promise<object> {
  return sideBySide((program, batch) => program.forward(batch), 'forward');
}
