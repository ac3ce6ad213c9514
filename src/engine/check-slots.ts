// The check that a training state belongs to the optimiser that wants to go on from it.
import { expected, Words } from '../errors.ts';
import type { Network } from '../network/network.ts';
import type { Optimiser } from '../training/optimisers/optimiser.ts';
import { slotsOf, type TrainingState } from '../training/training-state.ts';
import { trainableParams, type BackwardPlan } from './backward-plan.ts';

/**
 * Throws `bad-argument` where a trained parameter's memory has other slots than the optimiser, or tensors that do not
 * fit the parameter. To go on with another optimiser, start from `freshTrainingState`.
 */
export function checkSlots(
  { name: optimiser, slots }: Optimiser,
  network: Network,
  plan: BackwardPlan,
  { moments }: TrainingState,
): void {
  const wanted = slots.toSorted().join();
  for (const node of network.nodes.filter(({ id }) => plan.trains(id))) {
    for (const name of trainableParams(node)) {
      const kept = moments[node.id]?.[name];
      if (!kept) continue;
      const place = `${node.id}.${name}`;
      if (slotsOf(kept).join() !== wanted) {
        throw expected('bad-argument', `a training state of ${optimiser} (${wanted})`, slotsOf(kept).join(), place);
      }
      const { length } = node.params[name]!.data;
      const isFit = Object.entries(kept).every(
        ([part, { data }]) => data.length === length || (part === 'age' && data.length === 1),
      );
      if (!isFit) throw expected('bad-argument', `moments of ${length} entries`, new Words('another number'), place);
    }
  }
}
