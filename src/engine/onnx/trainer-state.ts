// The vectors a training session reads and writes, kept twice so that outputs land where the next step reads.
import type * as ort from 'onnxruntime-node';
import type { Network } from '../../network/network.ts';
import type { Optimiser } from '../../training/optimisers/optimiser.ts';
import type { TrainingState } from '../../training/training-state.ts';
import { trackedParams, trainableParams, type BackwardPlan } from '../backward-plan.ts';
import { checkSlots } from '../check-slots.ts';
import { collectTrained } from '../collect-trained.ts';
import { nextName, slotName } from './emit-update.ts';
import { flatLayout, packed, packedMoments, type FlatLayout } from './flat-layout.ts';
import { floats, ortTensor, type OrtTensors } from './session.ts';
import type { TrainingLayout } from './training-session.ts';
import { vectorValues } from './vector-values.ts';

/** What one step reads and writes; for the next step the two change places. */
interface Side {
  readonly feeds: Record<string, ort.Tensor>;
  readonly fetches: Record<string, ort.Tensor>;
}

export class TrainerState {
  readonly layout: TrainingLayout;
  readonly #network: Network;
  readonly #plan: BackwardPlan;
  /** What was known before the first step. */
  readonly #before: TrainingState;
  /** The optimiser's, from the first step on. */
  #slots: readonly string[] | undefined;
  #now: Side = { feeds: {}, fetches: {} };
  #next: Side = { feeds: {}, fetches: {} };

  constructor(network: Network, plan: BackwardPlan, state: TrainingState) {
    const trained = flatLayout(network, (node) => (plan.trains(node.id) ? trainableParams(node) : []));
    const tracked = flatLayout(network, (node) => (plan.trains(node.id) ? trackedParams(node) : []));
    const nodes = new Map(network.nodes.map((node) => [node.id, node]));
    const params = (layout: FlatLayout): Float32Array =>
      packed(layout, (id, name) => nodes.get(id)!.params[name]!.data);
    const ages = packedMoments(trained, state.moments, 'age');
    const age = ages.every((value) => value === ages[0]) ? ages.slice(0, 1) : ages;
    this.#network = network;
    this.#plan = plan;
    this.#before = state;
    this.layout = { trained, tracked, ages: age.length };
    this.#hold('weights', params(trained));
    this.#hold('age', age);
    if (tracked.length > 0) this.#hold('statistics', params(tracked));
  }

  /** Makes the optimiser's memory; throws `bad-argument` where there is that of one with other slots. */
  prepare(optimiser: Optimiser): void {
    if (this.#slots?.join() === optimiser.slots.join()) return;
    const { moments } = this.collect(this.#network).state;
    checkSlots(optimiser, this.#network, this.#plan, { moments });
    for (const slot of optimiser.slots) this.#hold(slotName(slot), packedMoments(this.layout.trained, moments, slot));
    this.#slots = optimiser.slots;
  }

  /** What a step is fed. */
  get feeds(): OrtTensors {
    return this.#now.feeds;
  }

  /** Where a step writes. */
  get fetches(): OrtTensors {
    return this.#now.fetches;
  }

  /** After a step, what it wrote becomes the present. */
  advance(): void {
    [this.#now, this.#next] = [this.#next, this.#now];
  }

  /** The network as trained so far; frozen nodes are those of `network`. */
  collect(network: Network): ReturnType<typeof collectTrained> {
    if (!this.#slots) return { network, state: { moments: this.#before.moments } };
    const values = vectorValues(this.layout, this.#slots, (name) => floats(this.#now.feeds, name));
    return collectTrained(network, this.#plan, this.#before, values);
  }

  #hold(name: string, values: Float32Array): void {
    const { length } = values;
    const [present, future] = [values, new Float32Array(length)].map((vector) => ortTensor([length], vector));
    this.#now.feeds[name] = this.#next.fetches[nextName(name)] = present!;
    this.#next.feeds[name] = this.#now.fetches[nextName(name)] = future!;
  }
}
