// Tells how an individual came to be, from its first parents on, as one line of text.
import type { IndividualRecord } from '../population/run/journal-events.ts';
import { operatorLabel, type RunRecord } from '../population/run/run-record.ts';

interface Step {
  readonly id: string;
  readonly label: string;
  /** The other parent's path, for a stitch. */
  readonly partner: readonly Step[] | undefined;
}

/**
 * The path from the first parents to `id`: `cnn-8 -> widen-pair -> stitch with (mlp-32 -> widen-pair)`.
 *
 * The line follows each child's first parent; a stitch names the other one, in parentheses where that has a path of its
 * own. An ancestor met twice is told once and marked with its id in brackets, `widen-pair [k3x9ab2f]`, which stands for
 * it the second time: so the text is no longer than the number of ancestors, however often they were crossed.
 */
export function lineageText({ individuals }: Pick<RunRecord, 'individuals'>, id: string, arrow = '->'): string {
  const byId = new Map(individuals.map((individual) => [individual.id, individual]));
  const told = new Set<string>();
  const repeated = new Set<string>();

  /** The individuals along first parents, oldest first, up to one without parents or told before. */
  function spineOf(tip: string): { start: Step; rest: readonly IndividualRecord[] } {
    const rest: IndividualRecord[] = [];
    let current = tip;
    for (;;) {
      const individual = byId.get(current);
      if (individual?.provenance.how === 'first') {
        return { start: { id: current, label: individual.provenance.name, partner: undefined }, rest };
      }
      if (individual === undefined || told.has(current)) {
        if (individual !== undefined) repeated.add(current);
        return { start: { id: '', label: `[${current}]`, partner: undefined }, rest };
      }
      told.add(current);
      rest.unshift(individual);
      current = individual.provenance.parents[0];
    }
  }

  function pathTo(tip: string): readonly Step[] {
    // A partner's ancestors are older than the stitch, so what they repeat stands before it in the text.
    const { start, rest } = spineOf(tip);
    const steps = rest.map(({ id, provenance }) => ({
      id,
      label: operatorLabel(provenance),
      partner: provenance.how === 'stitching' ? pathTo(provenance.parents[1]) : undefined,
    }));
    return [start, ...steps];
  }

  function write(path: readonly Step[]): string {
    return path.map(writeStep).join(` ${arrow} `);
  }

  function writeStep({ id, label, partner }: Step): string {
    const mark = repeated.has(id) ? ` [${id}]` : '';
    if (partner === undefined) return label + mark;
    return `${label} with ${partner.length === 1 ? write(partner) : `(${write(partner)})`}${mark}`;
  }

  return write(pathTo(id));
}
