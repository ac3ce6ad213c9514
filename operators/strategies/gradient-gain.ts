// Chooses where to grow by the gradient that the new weights would get: how fast the loss falls at first.
import { batchOf } from '../../src/data/samples.ts';
import type { Gradients } from '../../src/engine/engine.ts';
import { expected } from '../../src/errors.ts';
import { tensor } from '../../src/network/tensor.ts';
import type { Moments, MomentsByNode, TrainedNetwork } from '../../src/training/training-state.ts';
import type { ScoredSite, SiteStrategy } from './site-strategy.ts';

/**
 * Grows a candidate at every site and takes the norm of the mean gradient of all that is new in it, in train mode. Of
 * identity layers this is SensLI's sensitivity, of new channels the gain that GradMax makes largest and Firefly ranks
 * by. Not as there: new incoming weights are random, not solved for, and norms are not scaled by the layers' sizes, so
 * only sites that add equally many weights are compared fairly. A site whose operator refuses scores 0.
 *
 * Throws `bad-argument` where nothing is new in any candidate: of operators that shrink, and that copy channels.
 */
export const gradientGain: SiteStrategy = {
  name: 'gradient-gain',
  source:
    'SensLI (arXiv:2311.15995); GradMax (Evci et al. 2022, arXiv:2201.05125); Firefly (Wu et al. 2020, arXiv:2102.08574)',

  async score(operator, parent, sites, { engine, samples, rng }) {
    const { targets, ...batch } = batchOf(
      samples,
      Array.from({ length: samples.count }, (_, position) => position),
    );
    const marked = withAges(parent);
    const scored: ScoredSite[] = [];
    const sizes: number[] = [];
    for (const site of sites) {
      const mutation = operator.apply(marked, site, rng.fork('candidate'));
      if (!('child' in mutation)) {
        scored.push({ site, score: 0 });
        continue;
      }
      const program = await engine.compile([mutation.child.network], { noise: rng.fork('noise') });
      try {
        const { gradients } = await program.gradients(batch, targets);
        const { count, norm } = newPart(marked, mutation.child, gradients);
        scored.push({ site, score: norm });
        sizes.push(count);
      } finally {
        await program.dispose();
      }
    }
    if (sizes.length > 0 && sizes.every((count) => count === 0))
      throw expected('bad-argument', 'an operator that adds weights which are no copies', operator.name);
    return scored;
  },
};

/** As if every parameter had been updated once: the ages of a child's tell what was there, also of an untrained parent. */
function withAges({ network }: TrainedNetwork): TrainedNetwork {
  const once: Moments = { age: tensor([1], Float32Array.of(1)) };
  const moments = network.nodes.map(({ id, params }) => [
    id,
    Object.fromEntries(Object.keys(params).map((name) => [name, once])),
  ]);
  return { network, state: { moments: Object.fromEntries(moments) as MomentsByNode } };
}

/** Of the entries that the parent does not have, of new nodes and beside old entries: how many, and their gradient's norm. */
function newPart(
  parent: TrainedNetwork,
  child: TrainedNetwork,
  gradients: Gradients,
): { readonly count: number; readonly norm: number } {
  const old = new Map(parent.network.nodes.map((node) => [node.id, node]));
  let [count, sum] = [0, 0];
  for (const [id, byName] of Object.entries(gradients)) {
    for (const [name, values] of Object.entries(byName)) {
      const age = old.get(id)?.params[name] && child.state.moments[id]?.[name]?.age.data;
      for (let i = 0; i < values.length; i++) {
        if (age && age[age.length === 1 ? 0 : i] !== 0) continue;
        count++;
        sum += values[i]! ** 2;
      }
    }
  }
  return { count, norm: Math.sqrt(sum) };
}
