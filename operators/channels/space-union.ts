// Union-find over channel spaces: which nodes share one list of channels, and which lists must not change.

/** All channels of a group in a row, each of them `multiplicity` times. */
export interface Segment {
  readonly group: number;
  readonly multiplicity: number;
  readonly channels: number;
}

/** The channels of a node's output: one segment, or several behind concat. */
export type Space = readonly Segment[];

/** How many indices a segment takes along the channel axis. */
export function widthOf({ channels, multiplicity }: Segment): number {
  return channels * multiplicity;
}

/** Groups of channels that grow together as facts about layers come in. */
export class SpaceUnion {
  readonly #parents: number[] = [];
  readonly #reasons = new Map<number, string>();

  /** A new space of its own. */
  create(channels: number): Space {
    return [{ group: this.#parents.push(this.#parents.length) - 1, multiplicity: 1, channels }];
  }

  /** The group's representative: equal for all groups united with it. */
  find(group: number): number {
    let root = group;
    while (this.#parents[root]! !== root) root = this.#parents[root]!;
    return root;
  }

  /** Makes two spaces one. Where a channel of one is not a channel of the other, both are locked instead. */
  unite(a: Space, b: Space): void {
    if (a.map(widthOf).join() !== b.map(widthOf).join()) {
      for (const space of [a, b]) this.lock(space, 'tensors joined of different parts are tied together');
      return;
    }
    a.forEach((segment, i) => {
      this.#uniteSegments(segment, b[i]!);
    });
  }

  #uniteSegments(a: Segment, b: Segment): void {
    const [kept, merged] = [this.find(a.group), this.find(b.group)];
    if (kept === merged) return;
    if (a.multiplicity !== b.multiplicity) {
      this.lock([a, b], `${a.multiplicity} and ${b.multiplicity} values to a channel are tied together`);
      return;
    }
    this.#parents[merged] = kept;
    const reason = this.#reasons.get(merged);
    if (reason !== undefined) this.lock([a], reason);
  }

  /** The first reason given stays. */
  lock(space: Space, reason: string): void {
    for (const { group } of space) {
      const root = this.find(group);
      if (!this.#reasons.has(root)) this.#reasons.set(root, reason);
    }
  }

  /** Why the group's channels cannot be changed, if they cannot. */
  lockOf(group: number): string | undefined {
    return this.#reasons.get(this.find(group));
  }
}
