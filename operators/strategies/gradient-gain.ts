// Chooses where to grow by the gradient that the new weights would get: how fast the loss falls at first.
import { batchOf } from '../../src/data/samples.ts';
import type { Gradients } from '../../src/engine/engine.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import type { ScoredSite, SiteStrategy } from './site-strategy.ts';

/**
 * Grows a candidate at every site and takes the norm of the mean gradient of all that is new in it, in train mode. Of
 * identity layers this is SensLI's sensitivity, of new channels the gain that GradMax makes largest and Firefly ranks
 * by. Not as there: new incoming weights are random, not solved for, and norms are not scaled by the layers' sizes, so
 * only sites that add equally many weights are compared fairly. A site whose operator refuses scores 0.
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
    const scored: ScoredSite[] = [];
    for (const site of sites) {
      const mutation = operator.apply(parent, site, rng.fork('candidate'));
      if (!('child' in mutation)) {
        scored.push({ site, score: 0 });
        continue;
      }
      const program = await engine.compile([mutation.child.network], { noise: rng.fork('noise') });
      try {
        const { gradients } = await program.gradients(batch, targets);
        scored.push({ site, score: norm(parent, mutation.child, gradients) });
      } finally {
        await program.dispose();
      }
    }
    return scored;
  },
};

/** Over the entries that the parent does not have: of new nodes, and, beside old entries, of an age of their own. */
function norm(parent: TrainedNetwork, child: TrainedNetwork, gradients: Gradients): number {
  const old = new Map(parent.network.nodes.map((node) => [node.id, node]));
  let sum = 0;
  for (const [id, byName] of Object.entries(gradients)) {
    for (const [name, values] of Object.entries(byName)) {
      const age = old.get(id)?.params[name] && child.state.moments[id]?.[name]?.age.data;
      for (let i = 0; i < values.length; i++) {
        const isNew = !age || age[age.length === 1 ? 0 : i] === 0;
        if (isNew) sum += values[i]! ** 2;
      }
    }
  }
  return Math.sqrt(sum);
}
