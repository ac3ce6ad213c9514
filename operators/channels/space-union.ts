// Union-find over channel spaces: which nodes share one list of channels, and which lists must not change.

/** All channels of a group in a row, taking `width` indices together. */
export interface Segment {
  readonly group: number;
  readonly width: number;
}

/** The channels of a node's output: one segment, or several behind concat. */
export type Space = readonly Segment[];

/** Groups of channels that grow together as facts about layers come in. */
export class SpaceUnion {
  readonly #parents: number[] = [];
  /** By representative: into how many channels the group falls. What must stay together counts as one channel. */
  readonly #channels: number[] = [];
  readonly #reasons = new Map<number, string>();

  /** A new space of its own. */
  create(channels: number): Space {
    this.#channels.push(channels);
    return [{ group: this.#parents.push(this.#parents.length) - 1, width: channels }];
  }

  /** The group's representative: equal for all groups united with it. */
  find(group: number): number {
    let root = group;
    while (this.#parents[root]! !== root) root = this.#parents[root]!;
    return root;
  }

  /** Into how many channels the group falls. */
  channelsOf(group: number): number {
    return this.#channels[this.find(group)]!;
  }

  /** Makes two spaces one. Where they are joined of different parts, both are locked instead. */
  unite(a: Space, b: Space): void {
    if (a.map(({ width }) => width).join() !== b.map(({ width }) => width).join()) {
      for (const space of [a, b]) this.lock(space, 'tensors joined of different parts are tied together');
      return;
    }
    a.forEach((segment, i) => {
      this.#uniteGroups(segment.group, b[i]!.group);
    });
  }

  #uniteGroups(a: number, b: number): void {
    const [kept, merged] = [this.find(a), this.find(b)];
    if (kept === merged) return;
    this.#channels[kept] = greatestCommonDivisor(this.#channels[kept]!, this.#channels[merged]!);
    this.#parents[merged] = kept;
    const reason = this.#reasons.get(merged);
    if (reason !== undefined && !this.#reasons.has(kept)) this.#reasons.set(kept, reason);
  }

  /**
   * The space in which each `inputs` indices of another became `outputs`, and which changes by such blocks only. A
   * space whose parts do not begin and end with a block is locked.
   */
  spread(space: Space, inputs: number, outputs: number): Space {
    if (space.some(({ width }) => width % inputs !== 0)) {
      this.lock(space, `blocks of ${inputs} channels reach over the seams of joined tensors`);
      const total = space.reduce((sum, { width }) => sum + width, 0);
      const apart = this.create((total / inputs) * outputs);
      this.lock(apart, this.lockOf(space[0]!.group)!);
      return apart;
    }
    return space.map(({ group, width }) => {
      const root = this.find(group);
      this.#channels[root] = greatestCommonDivisor(this.#channels[root]!, width / inputs);
      return { group, width: (width / inputs) * outputs };
    });
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

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
