// Union-find over channel spaces: which nodes share one list of channels, and which lists must not change.

/** The channels of a node's output: each channel of the group `multiplicity` times in a row. */
export interface Space {
  readonly group: number;
  readonly multiplicity: number;
}

/** Groups of channels that grow together as facts about layers come in. */
export class SpaceUnion {
  readonly #parents: number[] = [];
  readonly #reasons = new Map<number, string>();

  /** A new space of its own. */
  create(): Space {
    return { group: this.#parents.push(this.#parents.length) - 1, multiplicity: 1 };
  }

  /** The group's representative: equal for all groups united with it. */
  find(group: number): number {
    let root = group;
    while (this.#parents[root]! !== root) root = this.#parents[root]!;
    return root;
  }

  /** Makes two spaces one. Where a channel of one is not a channel of the other, both are locked instead. */
  unite(a: Space, b: Space): void {
    const [kept, merged] = [this.find(a.group), this.find(b.group)];
    if (kept === merged) return;
    if (a.multiplicity !== b.multiplicity) {
      const reason = `${a.multiplicity} and ${b.multiplicity} values to a channel are tied together`;
      this.lock(a, reason);
      this.lock(b, reason);
      return;
    }
    this.#parents[merged] = kept;
    const reason = this.#reasons.get(merged);
    if (reason !== undefined) this.lock(a, reason);
  }

  /** The first reason given stays. */
  lock({ group }: Space, reason: string): void {
    const root = this.find(group);
    if (!this.#reasons.has(root)) this.#reasons.set(root, reason);
  }

  /** Why the group's channels cannot be changed, if they cannot. */
  lockOf(group: number): string | undefined {
    return this.#reasons.get(this.find(group));
  }
}
