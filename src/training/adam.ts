// Adam, with the age of every entry counted by itself.

/** Settings of one update. Source: Kingma and Ba 2015, algorithm 1. */
export interface Adam {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export function adam(learningRate: number): Adam {
  return { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
}

/** One entry after an update in float64; `age` counts the updates before this one. */
export function adamUpdate(
  { learningRate, beta1, beta2, epsilon }: Adam,
  entry: { value: number; first: number; second: number; age: number },
  gradient: number,
): { value: number; first: number; second: number; age: number } {
  const age = entry.age + 1;
  const first = beta1 * entry.first + (1 - beta1) * gradient;
  const second = beta2 * entry.second + (1 - beta2) * gradient * gradient;
  const mean = first / (1 - beta1 ** age);
  const deviation = Math.sqrt(second / (1 - beta2 ** age));
  return { value: entry.value - (learningRate * mean) / (deviation + epsilon), first, second, age };
}
