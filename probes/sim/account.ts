/** The account behind the simulator's keys. Mutable on purpose: a script empties it. */
export interface SimAccount {
  limitUsd: number | null;
  remainingUsd: number | null;
  limitReset: string | null;
  usageUsd: number;
  usageDailyUsd: number;
  usageMonthlyUsd: number;
  isFreeTier: boolean;
  freeUsed: number;
  freeLimit: number;
  revoked: Set<string>;
  expiresAt: string | null;
}

export function newAccount(): SimAccount {
  return {
    limitUsd: 50,
    remainingUsd: 42.5,
    limitReset: null,
    usageUsd: 7.5,
    usageDailyUsd: 0.21,
    usageMonthlyUsd: 4.4,
    isFreeTier: false,
    freeUsed: 0,
    freeLimit: 1000,
    revoked: new Set(),
    expiresAt: null,
  };
}

export function charge(account: SimAccount, usd: number): void {
  account.usageUsd += usd;
  account.usageDailyUsd += usd;
  account.usageMonthlyUsd += usd;
  if (account.remainingUsd !== null) account.remainingUsd -= usd;
}

export function keyDocument(account: SimAccount, key: string): unknown {
  return {
    data: {
      label: `${key.slice(0, 12)}...${key.slice(-3)}`,
      limit: account.limitUsd,
      limit_remaining: account.remainingUsd,
      limit_reset: account.limitReset,
      usage: account.usageUsd,
      usage_daily: account.usageDailyUsd,
      usage_weekly: account.usageDailyUsd * 3,
      usage_monthly: account.usageMonthlyUsd,
      byok_usage: 0,
      is_free_tier: account.isFreeTier,
      is_management_key: false,
      expires_at: account.expiresAt,
      creator_user_id: null,
      rate_limit: { requests: -1, interval: '10s', note: 'deprecated' },
      free_model_daily_requests: {
        used: account.freeUsed,
        limit: account.freeLimit,
        remaining: account.freeLimit - account.freeUsed,
      },
    },
  };
}
