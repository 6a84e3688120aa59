/** So many and so many bytes, and no more: what came first makes room. One that would not fit is not kept. */
export class Kept<V> extends Map<string, V> {
  #most: { count: number; bytes: number };
  #bytesOf: (value: V) => number;
  #bytes = 0;

  constructor(most: { count: number; bytes: number }, bytesOf: (value: V) => number) {
    super();
    this.#most = most;
    this.#bytesOf = bytesOf;
  }

  get bytes(): number {
    return this.#bytes;
  }

  override set(key: string, value: V): this {
    this.delete(key);
    const bytes = this.#bytesOf(value);
    if (bytes > this.#most.bytes) return this;
    super.set(key, value);
    this.#bytes += bytes;
    while (this.size > this.#most.count || this.#bytes > this.#most.bytes)
      this.delete(this.keys().next().value as string);
    return this;
  }

  override delete(key: string): boolean {
    const value = this.get(key);
    if (value !== undefined) this.#bytes -= this.#bytesOf(value);
    return super.delete(key);
  }

  override clear(): void {
    super.clear();
    this.#bytes = 0;
  }
}
