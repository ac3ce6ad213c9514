// The vectors a training session reads and writes, kept twice so that outputs land where the next step reads.
import type * as ort from 'onnxruntime-node';
import type { Network } from '../../network/network.ts';
import type { Moments, TrainingState } from '../../training/training-state.ts';
import { trackedParams, trainableParams, type BackwardPlan } from '../backward-plan.ts';
import type { TrainedValues } from '../collect-trained.ts';
import { flatLayout, type FlatLayout } from './flat-layout.ts';
import { floats, ortTensor, type OrtTensors } from './session.ts';
import type { TrainingLayout } from './training-session.ts';

const names = ['weights', 'first', 'second', 'age', 'statistics'] as const;

export class TrainerState {
  readonly layout: TrainingLayout;
  #now: OrtTensors;
  #next: OrtTensors;

  constructor(network: Network, plan: BackwardPlan, state: TrainingState) {
    const trained = flatLayout(network, (node) => (plan.trains(node.id) ? trainableParams(node) : []));
    const tracked = flatLayout(network, (node) => (plan.trains(node.id) ? trackedParams(node) : []));
    const nodes = new Map(network.nodes.map((node) => [node.id, node]));
    const params = (layout: FlatLayout): Float32Array =>
      packed(layout, (id, name) => nodes.get(id)!.params[name]!.data);
    const moments = (part: keyof Moments): Float32Array =>
      packed(trained, (id, name) => state.moments[id]?.[name]?.[part].data ?? Float32Array.of(0));
    const ages = moments('age');
    const age = ages.every((value) => value === ages[0]) ? ages.slice(0, 1) : ages;
    this.layout = { trained, tracked, ages: age.length };
    const vectors = [params(trained), moments('first'), moments('second'), age, params(tracked)];
    this.#now = Object.fromEntries(names.map((name, i) => [name, ortTensor([vectors[i]!.length], vectors[i]!)]));
    this.#next = Object.fromEntries(
      names.map((name, i) => [name, ortTensor([vectors[i]!.length], new Float32Array(vectors[i]!.length))]),
    );
  }

  /** What a session is fed: its declared inputs only. */
  feeds(session: ort.InferenceSession): Record<string, ort.Tensor> {
    return Object.fromEntries(
      names.filter((name) => session.inputNames.includes(name)).map((name) => [name, this.#now[name]!]),
    );
  }

  /** Where a step writes. */
  fetches(): Record<string, ort.Tensor> {
    const { tracked } = this.layout;
    return Object.fromEntries(
      names
        .filter((name) => name !== 'statistics' || tracked.length > 0)
        .map((name) => [`next${name[0]!.toUpperCase()}${name.slice(1)}`, this.#next[name]!]),
    );
  }

  /** After a step, what it wrote becomes the present. */
  advance(): void {
    [this.#now, this.#next] = [this.#next, this.#now];
  }

  /** The present values, by node and parameter. */
  values(): TrainedValues {
    const { trained, tracked, ages } = this.layout;
    const cut = (layout: FlatLayout, vector: string, id: string, name: string): Float32Array | undefined => {
      const slot = layout.slots.find((candidate) => candidate.id === id && candidate.name === name);
      return slot && floats(this.#now, vector).subarray(slot.offset, slot.offset + slot.length);
    };
    return {
      param: (id, name) => (cut(trained, 'weights', id, name) ?? cut(tracked, 'statistics', id, name))!,
      moments: (id, name) => ({
        first: cut(trained, 'first', id, name)!,
        second: cut(trained, 'second', id, name)!,
        age: ages === 1 ? floats(this.#now, 'age') : cut(trained, 'age', id, name)!,
      }),
    };
  }
}

/** A single value stands for all entries of its slot. */
function packed({ slots, length }: FlatLayout, read: (id: string, name: string) => Float32Array): Float32Array {
  const flat = new Float32Array(length);
  for (const slot of slots) {
    const values = read(slot.id, slot.name);
    if (values.length === 1) flat.fill(values[0]!, slot.offset, slot.offset + slot.length);
    else flat.set(values, slot.offset);
  }
  return flat;
}
