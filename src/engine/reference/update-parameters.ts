// One optimiser step on all trained parameters, entry after entry in float64.
import type { Network } from '../../network/network.ts';
import type { Optimiser } from '../../training/optimisers/optimiser.ts';
import type { Moments, TrainingState } from '../../training/training-state.ts';
import { decays, trainableParams, type BackwardPlan } from '../backward-plan.ts';
import type { ReferenceParams } from './passes.ts';

/** What the optimiser remembers of one parameter: a value for each entry. */
export interface ParameterMemory {
  readonly slots: Readonly<Record<string, Float64Array>>;
  readonly age: Float64Array;
  readonly decays: boolean;
}

/** Node id -> parameter name -> memory. */
export type ReferenceMemory = ReadonlyMap<string, Readonly<Record<string, ParameterMemory>>>;

/** The memory of every trained parameter, 0 where the state has none. */
export function referenceMemory(
  network: Network,
  plan: BackwardPlan,
  { moments }: TrainingState,
  slots: readonly string[],
): ReferenceMemory {
  const memoryOf = (kept: Moments | undefined, length: number, decaying: boolean): ParameterMemory => {
    const widened = (part: string): Float64Array => {
      const data = kept?.[part]?.data ?? [0];
      return Float64Array.from({ length }, (_, i) => data[data.length === 1 ? 0 : i]!);
    };
    const columns = slots.map((slot) => [slot, widened(slot)] as const);
    return { slots: Object.fromEntries(columns), age: widened('age'), decays: decaying };
  };
  const trained = network.nodes.filter(({ id }) => plan.trains(id));
  return new Map(
    trained.map((node) => {
      const byName = trainableParams(node).map((name) => {
        const kept = moments[node.id]?.[name];
        return [name, memoryOf(kept, node.params[name]!.data.length, decays(node, name))] as const;
      });
      return [node.id, Object.fromEntries(byName)];
    }),
  );
}

/** Changes parameters and memory in place; both are rounded to float32, which is what a training state can hold. */
export function updateParameters(
  optimiser: Optimiser,
  params: ReferenceParams,
  memory: ReferenceMemory,
  gradients: ReferenceParams,
): void {
  for (const [id, byName] of gradients) {
    for (const [name, gradient] of Object.entries(byName)) {
      updateEntries(optimiser, params.get(id)![name]!, memory.get(id)![name]!, gradient);
    }
  }
}

function updateEntries(
  optimiser: Optimiser,
  values: Float64Array,
  { slots, age, decays: decaying }: ParameterMemory,
  gradient: Float64Array,
): void {
  const names = optimiser.slots;
  for (let i = 0; i < values.length; i++) {
    age[i]! += 1;
    const own = Object.fromEntries(names.map((slot) => [slot, slots[slot]![i]!]));
    const next = optimiser.update({ value: values[i]!, slots: own }, gradient[i]!, { age: age[i]!, decays: decaying });
    values[i] = Math.fround(next.value);
    for (const slot of names) slots[slot]![i] = Math.fround(next.slots[slot]!);
  }
}

/** Gradients whose norm, all of them together, is at most `clipNorm`. */
export function clipped(gradients: ReferenceParams, clipNorm: number): ReferenceParams {
  let squares = 0;
  for (const byName of gradients.values()) {
    for (const values of Object.values(byName)) for (const value of values) squares += value * value;
  }
  const share = clipNorm / Math.max(Math.sqrt(squares), clipNorm);
  return new Map(
    [...gradients].map(([id, byName]) => {
      const scaled = Object.entries(byName).map(([name, values]) => [name, values.map((value) => value * share)]);
      return [id, Object.fromEntries(scaled) as Record<string, Float64Array>];
    }),
  );
}
