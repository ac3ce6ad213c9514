// Moves between the order of networks, channels first, and that of TensorFlow.js, channels last.
import type { Tfjs, TfjsTensor } from './tfjs.ts';

/** [batch, channels, ...pixels] -> [batch, ...pixels, channels]. */
export function channelsLast(tf: Tfjs, value: TfjsTensor): TfjsTensor {
  return moved(tf, value, 1, value.rank - 1);
}

/** [batch, ...pixels, channels] -> [batch, channels, ...pixels]. */
export function channelsFirst(tf: Tfjs, value: TfjsTensor): TfjsTensor {
  return moved(tf, value, value.rank - 1, 1);
}

function moved(tf: Tfjs, value: TfjsTensor, from: number, to: number): TfjsTensor {
  if (from === to) return value;
  const others = value.shape.map((_, axis) => axis).filter((axis) => axis !== from);
  return tf.transpose(value, others.toSpliced(to, 0, from));
}
