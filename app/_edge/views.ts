import { createHash } from 'node:crypto';
import { feedDocument } from '#lib/core/feed-document.ts';
import { pollAfterS, validUntilMs } from '#lib/core/feed-facts.ts';
import { type FeedQuery, queryKey } from '#lib/core/feed-query.ts';
import { iso } from '#lib/core/feed-routing.ts';
import type { SignedFacts } from '#lib/signing.ts';
import { Kept } from './kept.ts';
import type { Live } from './live.ts';
import { Prepared } from './prepared.ts';

const mostViews = 200;
const mostBytes = 32 * 1024 * 1024;

/** The signature's header for one answer; null where the feed is not signed. */
export type Sign = (facts: SignedFacts) => string | null;

/** The feed's answers, one per normalised query, made when first asked for and thrown away at the next change. */
export class Views {
  #live: Live;
  #url: string | null;
  #views = new Kept<Prepared>({ count: mostViews, bytes: mostBytes }, ({ bytesHeld }) => bytesHeld);
  #version = -1;
  #sign: Sign;

  constructor(live: Live, url: string | null, sign: Sign = () => null) {
    this.#live = live;
    this.#url = url;
    this.#sign = sign;
  }

  feed(query: FeedQuery): Prepared {
    if (this.#version !== this.#live.version) {
      this.#views.clear();
      this.#version = this.#live.version;
    }
    const key = queryKey(query);
    const known = this.#views.get(key);
    if (known) return known;
    const made = this.#make(query, key);
    this.#views.set(key, made);
    return made;
  }

  #make(query: FeedQuery, key: string): Prepared {
    const live = this.#live;
    const facts = live.facts();
    const { document, routes } = feedDocument(facts, query, this.#url, pollAfterS);
    const body = Buffer.from(JSON.stringify(document));
    const ids = routes.map((r) => r.targetId);
    const tag = viewTag(live, query, key, ids, document);
    const validMs = validUntilMs(facts);
    const version = live.version;
    const digest = createHash('sha256').update(body).digest('hex');
    const signature = this.#sign({ epoch: facts.epoch, seq: facts.seq, validUntilMs: validMs, tag, digest });
    const unchanged = this.#sign({
      epoch: facts.epoch,
      seq: facts.seq,
      validUntilMs: validMs,
      tag,
      digest: '304',
    });
    return new Prepared(body, {
      etag: `W/"${tag}"`,
      vary: 'Accept, Accept-Encoding',
      headers: {
        'Content-Type': 'application/json',
        ...feedHeaders,
        'Signalbox-Seq': String(facts.seq),
        'Signalbox-Valid-Until': iso(validMs),
        ...(signature ? { 'Signalbox-Signature': signature } : {}),
      },
      ...(unchanged ? { unchangedHeaders: { 'Signalbox-Signature': unchanged } } : {}),
      isFresh: () => live.version === version,
    });
  }
}

export const corsHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'ETag, Age, Date, Signalbox-Seq, Signalbox-Valid-Until, Signalbox-Signature, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

export const feedHeaders = {
  'Cache-Control': 'public, max-age=5, stale-while-revalidate=10, stale-if-error=300',
  ...corsHeaders,
  'X-Content-Type-Options': 'nosniff',
};

/**
 * Epoch, the position of the last change inside this view, and a hash of the question. The hash also takes what moves
 * without a position: withdrawn opinions, the guard, the summary, the members of the view. The full view's figures are
 * told apart by counters of this process, so they take a word that no other process has.
 */
export function viewTag(
  live: Live,
  query: FeedQuery,
  key: string,
  targetIds: string[],
  document: Record<string, unknown>,
): string {
  const facts = live.facts();
  const lastSeq = targetIds.reduce((last, id) => Math.max(last, live.changedSeq(id)), live.knownSince);
  const summary = [document.self, facts.guard.state, document.chains, document.models, document.page];
  const moving =
    query.view === 'full'
      ? [key, live.word, live.substance, live.statistics]
      : [key, facts.isExpired, targetIds, summary];
  const hash = createHash('sha256').update(JSON.stringify(moving)).digest('hex').slice(0, 8);
  return `${facts.epoch}-${lastSeq}-${hash}`;
}
