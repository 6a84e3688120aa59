/** One scripted fault: whom it strikes, and what happens to them. Plain JSON, so that it can be sent over the control path. */
export interface Step {
  /** Part of the path: `/chat/completions`, `/key`, `/models`. */
  path?: string;
  /** Provider slug or endpoint tag. */
  provider?: string;
  model?: string;
  keyed?: boolean;
  /** Only calls with this key. */
  key?: string;
  pinned?: boolean;
  /** Share of matching calls, in [0, 1]; drawn from the simulator's seed. */
  share?: number;
  /** Only the first so many matches. */
  times?: number;
  /** Where it happens; absent: `provider` when provider or model is named, else `gateway`. */
  at?: 'gateway' | 'provider';

  delayMs?: number;
  firstTokenDelayMs?: number;
  tokenGapMs?: number;

  status?: number;
  /** An object is sent as JSON, a string as it is. */
  body?: unknown;
  headers?: Record<string, string>;

  /** Nothing is ever sent. */
  hang?: boolean;
  /** Only comments are sent, for ever. */
  commentsOnly?: boolean;
  /** The response head trickles out, one byte at a time. */
  headerByteEveryMs?: number;
  /** Silence after so many tokens, for `stallMs` or for ever. */
  stallAfterTokens?: number;
  stallMs?: number;
  /** A polite end after so many tokens, without finish and end marker. */
  cutAfterTokens?: number;
  /** The socket is destroyed after so many tokens; -1: before the response head. */
  resetAfterTokens?: number;
  inBand?: InBandError;
  servedModel?: string;
  servedProvider?: string;
  garbage?: Garbage;
  omit?: ('comments' | 'role' | 'finish' | 'usage' | 'done' | 'content')[];
  answer?: string;
  reasoning?: string;
  finish?: string;
}

/** The shapes in which an error arrives inside a 200. */
export const inBandShapes = [
  'choices_empty',
  'with_usage',
  'finish_error',
  'bare',
  'json_bare',
  'json_choices_empty',
  'json_no_choices',
  'choice_error',
] as const;
export type InBandShape = (typeof inBandShapes)[number];

export interface InBandError {
  shape: InBandShape;
  code?: number | string | null;
  message?: string;
  provider?: string | null;
  errorType?: string;
  afterTokens?: number;
}

export const garbageKinds = [
  'bytes',
  'html',
  'broken_json',
  'white_space',
  'empty_choices',
  'utf16',
  'endless',
  'gzip_bomb',
  'header_bomb',
  'redirect',
  'drip',
] as const;
export type Garbage = (typeof garbageKinds)[number];

/** What a call is, as far as steps can tell calls apart. */
export interface CallFacts {
  path: string;
  model: string | null;
  key: string | null;
  isPinned: boolean;
}

interface Active {
  step: Step;
  left: number;
}

/** The steps in force; the newest match wins. */
export class Script {
  readonly #random: () => number;
  #active: Active[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Adds steps and returns how to take them back. */
  add(...steps: Step[]): () => void {
    const added = steps.map((step) => ({ step, left: step.times ?? Number.POSITIVE_INFINITY }));
    this.#active.unshift(...added);
    return () => {
      this.#active = this.#active.filter((a) => !added.includes(a));
    };
  }

  clear(): void {
    this.#active = [];
  }

  get steps(): Step[] {
    return this.#active.map((a) => a.step);
  }

  atGateway(call: CallFacts): Step | null {
    return this.#take((step) => !isAtProvider(step) && fits(step, call) && fitsModel(step, call));
  }

  atProvider(call: CallFacts, endpoint: { tag: string; provider: { slug: string } }): Step | null {
    return this.#take(
      (step) =>
        isAtProvider(step) && fits(step, call) && fitsModel(step, call) && fitsProvider(step, endpoint),
    );
  }

  /** Share of an endpoint's calls that are scripted to fail now: what its published uptime would show. */
  failingShare(endpoint: { model: string; tag: string; provider: { slug: string } }): number {
    let worst = 0;
    for (const { step, left } of this.#active) {
      const isHit =
        left > 0 &&
        isAtProvider(step) &&
        (!step.model || step.model === endpoint.model) &&
        fitsProvider(step, endpoint);
      if (isHit && isFailure(step)) worst = Math.max(worst, step.share ?? 1);
    }
    return worst;
  }

  #take(matches: (step: Step) => boolean): Step | null {
    for (const active of this.#active) {
      if (active.left <= 0 || !matches(active.step)) continue;
      if (active.step.share !== undefined && this.#random() >= active.step.share) continue;
      active.left -= 1;
      return active.step;
    }
    return null;
  }
}

function isAtProvider(step: Step): boolean {
  return step.at ? step.at === 'provider' : step.provider !== undefined || step.model !== undefined;
}

function fits(step: Step, call: CallFacts): boolean {
  if (step.path !== undefined && !call.path.includes(step.path)) return false;
  if (step.keyed !== undefined && step.keyed !== (call.key !== null)) return false;
  if (step.key !== undefined && step.key !== call.key) return false;
  return step.pinned === undefined || step.pinned === call.isPinned;
}

function fitsModel(step: Step, call: CallFacts): boolean {
  return step.model === undefined || step.model === call.model;
}

function fitsProvider(step: Step, endpoint: { tag: string; provider: { slug: string } }): boolean {
  return (
    step.provider === undefined || step.provider === endpoint.tag || step.provider === endpoint.provider.slug
  );
}

/** Slowness and odd answers are no failures in the gateway's own statistics; errors, cuts and silence are. */
export function isFailure(step: Step): boolean {
  return (
    (step.status !== undefined && step.status >= 400 && step.status !== 429) ||
    step.hang === true ||
    step.commentsOnly === true ||
    step.inBand !== undefined ||
    step.garbage !== undefined ||
    step.cutAfterTokens !== undefined ||
    step.resetAfterTokens !== undefined
  );
}
