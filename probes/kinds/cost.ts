import type { Watched } from '#lib/core/fleet.ts';
import type { Usage } from '../dialects/dialect.ts';

export interface Spent {
  usage: Usage | null;
  /** Characters of output we saw ourselves: usage that claims less is not believed. */
  outputChars: number;
  promptChars: number;
  maxTokens: number;
  /** The request was on the wire. */
  isSent: boolean;
  /** The far side answered with an error status, or with an error before any output: nothing is billed. */
  isRefused: boolean;
  /** The answer ended as it should. */
  isWhole: boolean;
}

/** Prices move and gateways add tokens of their own: what we reckon ourselves is reckoned high. */
const safetyFactor = 1.5;
// No tokenizer packs more than this into a token of our short texts, none less than that.
const leastCharsPerToken = 2;
const mostCharsPerToken = 12;
const absurdUsd = 10;
/** A price that rose since the list was read is believed up to this many times the most it should have been. */
const believedFactor = 100;
const alwaysBelievedUsd = 0.05;

/** USD of one look: what the response says, else the catalogue's price with a safety factor; null without any price. */
export function costOf(spent: Spent, price: Watched['price'], reservedUsd: number): number | null {
  const usd = reckonCost(spent, price, reservedUsd);
  // A millionth of a millionth is no money: it only makes numbers long.
  return usd === null ? null : Math.round(Math.min(usd, absurdUsd) * 1e12) / 1e12;
}

function reckonCost(spent: Spent, price: Watched['price'], reservedUsd: number): number | null {
  const { usage } = spent;
  const said = usage?.costUsd ?? null;
  const least = price ? reckon(price, leastTokens(spent)) : 0;
  const most = price ? reckon(price, mostTokens(spent)) : reservedUsd;
  const isTooMuch = said !== null && said > Math.max(alwaysBelievedUsd, most * believedFactor);
  const isBelievable = said !== null && said >= 0 && !isTooMuch && !(said === 0 && least > 0);
  if (isBelievable) return said;
  if (!spent.isSent || (spent.isRefused && usage === null)) return 0;
  if (!price) return reservedUsd > 0 ? reservedUsd : null;
  const isCounted = usage?.promptTokens != null && usage.completionTokens != null && spent.isWhole;
  return reckon(price, isCounted ? countedTokens(spent) : mostTokens(spent)) * (isCounted ? 1 : safetyFactor);
}

interface Tokens {
  prompt: number;
  completion: number;
}

function reckon(price: NonNullable<Watched['price']>, { prompt, completion }: Tokens): number {
  return prompt * price.promptUsd + completion * price.completionUsd + price.requestUsd;
}

/** What must have been used at the very least, going by what we saw. */
function leastTokens({ outputChars }: Spent): Tokens {
  return { prompt: 0, completion: Math.floor(outputChars / mostCharsPerToken) };
}

function countedTokens(spent: Spent): Tokens {
  const seen = Math.ceil(spent.outputChars / mostCharsPerToken);
  return {
    prompt: Math.max(spent.usage?.promptTokens ?? 0, Math.ceil(spent.promptChars / mostCharsPerToken)),
    completion: Math.max(spent.usage?.completionTokens ?? 0, seen),
  };
}

function mostTokens({ usage, promptChars, outputChars, maxTokens }: Spent): Tokens {
  return {
    prompt: Math.max(usage?.promptTokens ?? 0, Math.ceil(promptChars / leastCharsPerToken) + 16),
    completion: Math.max(usage?.completionTokens ?? 0, maxTokens, Math.ceil(outputChars / mostCharsPerToken)),
  };
}
