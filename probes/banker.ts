import { isPaid, requestsOf, reservedUsd, settledUsd } from '#lib/core/budget.ts';
import { calmLimits, dayAllowance, dayStartMs, monthStartMs } from '#lib/core/budget-pace.ts';
import type { Watched } from '#lib/core/fleet.ts';
import type { Caps, Ledger } from '#lib/store.ts';
import type { Settlement, Want } from './messages.ts';

/** The deciding thread's side of the ledger: what may be spent, what was. Every answer is written before it is given. */

export interface Banker {
  setFleet(watched: readonly Watched[]): void;
  setCaps(caps: Caps): void;
  /** A key of the free tier has fifty requests a day, and they are its owner's. True when this was news. */
  setFreeTier(gateway: string, isFreeTier: boolean): boolean;
  /** The caps as they hold now. */
  caps(): Caps;
  answer(
    wants: readonly Want[],
    nowMs: number,
  ): { granted: string[]; refused: { id: string; reason: string }[] };
  settle(settlements: readonly Settlement[], nowMs: number): void;
  facts(nowMs: number): BudgetFacts;
  /** What the last beat before this start said of the day's calm looks. */
  recall(facts: unknown): void;
}

export interface BudgetFacts {
  usedUsd: number;
  capUsd: number;
  usedRequests: number;
  capRequests: number;
  usedMonthUsd: number;
  capMonthUsd: number;
  isCapped: boolean;
  projectedUsd: number;
  calm: Calm;
}

/** Of fifty free requests a day at most these are ours. */
const freeTierRequests = 5;
/** A route whose calls are said to cost so many times its list price is asked once an hour: a lie must not drain the day. */
const incredibleFactor = 10;
const incredibleEveryMs = 3_600_000;
/** Free variants allow twenty a minute to the whole account: half of it is its owner's. */
const freeVariantPerMinute = 10;

interface Held {
  targetKey: string;
  atMs: number;
  reservedUsd: number;
  /** What it would be without anything learned. */
  listedUsd: number;
  isCalm: boolean;
}

interface Calm {
  dayMs: number;
  usd: number;
  requests: number;
}

function tally(calm: Calm, usd: number, requests: number): void {
  calm.usd += usd;
  calm.requests += requests;
}

export function createBanker(ledger: Ledger, startCaps: Caps): Banker {
  const watchedByKey = new Map<string, Watched>();
  const learned = new Map<string, { usd: number; atMs: number }>();
  const held = new Map<string, Held>();
  const freeTier = new Set<string>();
  const freeVariantAt = new Map<string, number[]>();
  let caps = startCaps;
  let calm: Calm | null = null;
  let cappedAtMs = Number.NEGATIVE_INFINITY;

  const capsNow = (): Caps => {
    if (freeTier.size === 0) return caps;
    const perGateway = { ...caps.perGateway };
    for (const gateway of freeTier) {
      const own = perGateway[gateway] ?? {};
      perGateway[gateway] = {
        ...own,
        requestsPerDay: Math.min(freeTierRequests, own.requestsPerDay ?? Number.POSITIVE_INFINITY),
      };
    }
    return { ...caps, perGateway };
  };

  /** What calm looks have used of this day; after a start all that was spent counts as calm. */
  const calmToday = (nowMs: number): Calm => {
    const dayMs = dayStartMs(nowMs);
    if (calm?.dayMs === dayMs) return calm;
    const { usd, requests } = ledger.spent({ fromMs: dayMs, toMs: dayMs + 86_400_000 });
    calm = { dayMs, usd, requests };
    return calm;
  };

  const allowanceNow = (nowMs: number) => {
    const before = ledger.spent({ fromMs: monthStartMs(nowMs), toMs: dayStartMs(nowMs) });
    return dayAllowance(caps, before.usd, nowMs);
  };

  const isTooFast = (usd: number, requests: number, nowMs: number): boolean => {
    const used = calmToday(nowMs);
    const limits = calmLimits(allowanceNow(nowMs), nowMs);
    return used.usd + usd > limits.usd + 1e-12 || used.requests + requests > limits.requests;
  };

  const isFreeVariantFull = (watched: Watched, nowMs: number): boolean => {
    if (!/:free$/.test(watched.wireModel ?? watched.target.model ?? '')) return false;
    const gateway = watched.target.gateway ?? '';
    const recent = (freeVariantAt.get(gateway) ?? []).filter((atMs) => atMs > nowMs - 60_000);
    const isFull = recent.length >= freeVariantPerMinute;
    if (!isFull) recent.push(nowMs);
    freeVariantAt.set(gateway, recent);
    return isFull;
  };

  const refusal = (want: Want, nowMs: number): string | null => {
    const watched = watchedByKey.get(want.targetKey);
    if (!watched || !isPaid(watched)) return 'no longer watched';
    const known = learned.get(want.targetKey);
    const listedUsd = reservedUsd(watched, 0);
    const usd = reservedUsd(watched, known?.usd ?? 0);
    if (known && usd > listedUsd * incredibleFactor && nowMs - known.atMs < incredibleEveryMs)
      return 'budget: said to cost far more than its price';
    const isCalm = want.purpose === 'calm';
    const requests = requestsOf(watched);
    if (isCalm && isTooFast(usd, requests, nowMs)) {
      if (allowanceNow(nowMs).usd <= 0) cappedAtMs = nowMs;
      return 'budget: ahead of its pace';
    }
    if (isFreeVariantFull(watched, nowMs)) return 'budget: free requests per minute';
    const gateway = watched.target.gateway ?? 'direct';
    const answer = ledger.reserve(
      { id: want.id, atMs: want.atMs, gateway, usd, requests, purpose: want.purpose },
      capsNow(),
    );
    if (!answer.ok) {
      cappedAtMs = nowMs;
      return `budget: ${answer.reason}`;
    }
    held.set(want.id, { targetKey: want.targetKey, atMs: nowMs, reservedUsd: usd, listedUsd, isCalm });
    if (isCalm) tally(calmToday(nowMs), usd, requests);
    return null;
  };

  /** The last cost above the list price; one at the price ends it. */
  const learn = ({ targetKey, atMs, reservedUsd, listedUsd }: Held, usd: number): void => {
    if (usd > listedUsd) learned.set(targetKey, { usd: Math.max(usd, 0), atMs });
    else if (usd > 0 && usd < reservedUsd) learned.delete(targetKey);
  };

  return {
    setFleet(watched) {
      watchedByKey.clear();
      for (const one of watched) if (isPaid(one)) watchedByKey.set(one.key, one);
    },
    setCaps(next) {
      caps = next;
    },
    setFreeTier(gateway, isFreeTier) {
      if (freeTier.has(gateway) === isFreeTier) return false;
      if (isFreeTier) freeTier.add(gateway);
      else freeTier.delete(gateway);
      return true;
    },
    caps: capsNow,
    answer(wants, nowMs) {
      const granted: string[] = [];
      const refused: { id: string; reason: string }[] = [];
      for (const want of wants) {
        const reason = refusal(want, nowMs);
        if (reason === null) granted.push(want.id);
        else refused.push({ id: want.id, reason });
      }
      return { granted, refused };
    },
    settle(settlements, nowMs) {
      for (const one of settlements) {
        const reservation = held.get(one.id);
        if (!reservation) continue;
        const usd = settledUsd(
          one.reportedUsd,
          reservation.reservedUsd,
          one.isCharged,
          reservation.listedUsd,
        );
        ledger.settle(one.id, usd, one.atMs);
        // Only what is written is forgotten here: a settlement that failed is tried again by whoever called.
        held.delete(one.id);
        if (reservation.isCalm) tally(calmToday(nowMs), usd - reservation.reservedUsd, 0);
        learn(reservation, usd);
      }
    },
    facts(nowMs) {
      const dayMs = dayStartMs(nowMs);
      const today = ledger.spent({ fromMs: dayMs, toMs: dayMs + 86_400_000 });
      const month = ledger.spent({ fromMs: monthStartMs(nowMs), toMs: dayMs + 86_400_000 });
      const share = Math.max(1 / 24, (nowMs - dayStartMs(nowMs)) / 86_400_000);
      return {
        usedUsd: today.usd,
        capUsd: caps.usdPerDay,
        usedRequests: today.requests,
        capRequests: caps.requestsPerDay,
        usedMonthUsd: month.usd,
        capMonthUsd: caps.usdPerMonth,
        isCapped: cappedAtMs >= dayStartMs(nowMs) && nowMs - cappedAtMs < 30 * 60_000,
        projectedUsd: Math.min(caps.usdPerDay, today.usd / share),
        calm: { ...calmToday(nowMs) },
      };
    },
    recall(facts) {
      const { dayMs, usd, requests } = (facts as { calm?: Partial<Calm> } | undefined)?.calm ?? {};
      if (typeof dayMs === 'number' && typeof usd === 'number' && typeof requests === 'number')
        calm = { dayMs, usd, requests };
    },
  };
}
