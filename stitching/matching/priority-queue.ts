// A binary heap: the entry that comes before all others is at hand.

/** Hands out its entries in the order of `before`, which must be a strict total order for the result to be unique. */
export class PriorityQueue<Entry> {
  readonly #heap: Entry[] = [];
  readonly #before: (one: Entry, other: Entry) => boolean;

  constructor(before: (one: Entry, other: Entry) => boolean) {
    this.#before = before;
  }

  /** Adds an entry. O(log size). */
  push(entry: Entry): void {
    const heap = this.#heap;
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      if (!this.#before(entry, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = entry;
  }

  /** Takes out the first entry; undefined when there is none. O(log size). */
  pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#before(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#before(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}
