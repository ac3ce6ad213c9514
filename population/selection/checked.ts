// Holds a selection to its contract: what code of others answers is checked before it is used.
import { expected, reasonOf } from '../../src/errors.ts';
import type { ObjectiveVector } from '../../src/pareto/dominance.ts';
import { heard } from '../heard-answer.ts';
import { selections as builtIn } from './registry.ts';
import type { Scored, Selection } from './selection.ts';

/**
 * The same selection; throws `bad-argument`, naming it and the function, for an answer that is none, and where it throws.
 * One of the caller's gets copies of what its contract names: what it writes there changes nothing.
 */
export function checked(selection: Selection): Selection {
  const { name, proposals } = selection;
  const isOwn = !builtIn.includes(selection);
  const vectors = (all: readonly ObjectiveVector[]): readonly ObjectiveVector[] =>
    isOwn ? all.map((vector) => [...vector]) : all;
  const scores = (all: readonly Scored[]): readonly Scored[] => (isOwn ? all.map(copyOf) : all);
  const guarded = <T>(part: string, answer: () => T): T => {
    try {
      return heard(answer());
    } catch (error) {
      throw expected('bad-argument', 'a selection that answers', new Error(reasonOf(error)), `${name}.${part}`);
    }
  };
  const indices = (part: string, of: number, most: number, answer: () => readonly number[]): readonly number[] => {
    const got: unknown = guarded(part, answer);
    const fits =
      Array.isArray(got) &&
      got.length <= most &&
      new Set(got).size === got.length &&
      got.every((index: unknown) => Number.isSafeInteger(index) && (index as number) >= 0 && (index as number) < of);
    if (fits) return got as readonly number[];
    throw expected('bad-argument', `up to ${most} different indices below ${of}`, got, `${name}.${part}`);
  };
  return {
    name,
    proposals,
    parents(population) {
      const draw = guarded('parents', () => selection.parents(scores(population)));
      return (rng) => {
        const index = guarded('parents', () => draw(rng));
        if (Number.isSafeInteger(index) && index >= 0 && index < population.length) return index;
        throw expected('bad-argument', `an index below ${population.length}`, index, `${name}.parents`);
      };
    },
    accept: (population, children, count, rng) =>
      indices('accept', children.length, count, () =>
        selection.accept(scores(population), vectors(children), count, rng),
      ),
    survivors(pool, count) {
      const kept = indices('survivors', pool.length, count, () => selection.survivors(scores(pool), count));
      if (kept.length > 0 || pool.length === 0) return kept;
      throw expected('bad-argument', 'at least one survivor', kept, `${name}.survivors`);
    },
  };
}

function copyOf({ objectives, violation, cheap }: Scored): Scored {
  return { objectives: [...objectives], violation, cheap: [...cheap] };
}
