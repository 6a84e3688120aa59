/** What the simulator saw and did, with its own send instants (epoch milliseconds, fractions kept) for timing tests. */
export interface SimCall {
  index: number;
  method: string;
  path: string;
  key: string | null;
  model: string | null;
  provider: string | null;
  isPinned: boolean;
  isStreamed: boolean;
  receivedAtMs: number;
  headersSentAtMs: number | null;
  firstTokenSentAtMs: number | null;
  tokensSentAtMs: number[];
  endedAtMs: number | null;
  status: number | null;
  generationId: string | null;
  headers: Record<string, string | string[] | undefined>;
  body: Record<string, unknown>;
}

/** A bounded log of calls: a demo may run for days. */
export class CallLog {
  readonly list: SimCall[] = [];
  #count = 0;
  readonly #keep: number;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get count(): number {
    return this.#count;
  }

  open(facts: Pick<SimCall, 'method' | 'path' | 'key' | 'headers' | 'receivedAtMs'>): SimCall {
    const call: SimCall = {
      index: this.#count,
      model: null,
      provider: null,
      isPinned: false,
      isStreamed: false,
      headersSentAtMs: null,
      firstTokenSentAtMs: null,
      tokensSentAtMs: [],
      endedAtMs: null,
      status: null,
      generationId: null,
      body: {},
      ...facts,
    };
    this.#count += 1;
    this.list.push(call);
    if (this.list.length > this.#keep) this.list.splice(0, Math.ceil(this.#keep / 4));
    return call;
  }

  clear(): void {
    this.list.length = 0;
  }
}
