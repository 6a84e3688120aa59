/** A binary heap, earliest first. Entries that no longer hold are left in and skipped by whoever pops them. */
export class Heap<T extends { dueMs: number }> {
  private readonly entries: T[] = [];

  get size(): number {
    return this.entries.length;
  }

  peek(): T | undefined {
    return this.entries[0];
  }

  clear(): void {
    this.entries.length = 0;
  }

  push(entry: T): void {
    const { entries } = this;
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = entries[parent];
      if (!above || above.dueMs <= entry.dueMs) break;
      entries[at] = above;
      at = parent;
    }
    entries[at] = entry;
  }

  pop(): T | undefined {
    const { entries } = this;
    const top = entries[0];
    const last = entries.pop();
    if (entries.length > 0 && last) this.sink(last);
    return top;
  }

  private sink(entry: T): void {
    const { entries } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let below = entries[child];
      const right = entries[child + 1];
      if (right && below && right.dueMs < below.dueMs) {
        below = right;
        child += 1;
      }
      if (!below || below.dueMs >= entry.dueMs) break;
      entries[at] = below;
      at = child;
    }
    entries[at] = entry;
  }
}
