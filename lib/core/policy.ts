/** Every number judgement uses, and why it is that number. `policy:` in the configuration overrides by name. */

interface Setting {
  value: number;
  reason: string;
}

function set(value: number, reason: string): Setting {
  return { value, reason };
}

export const policyTable = {
  noise_share: set(0.008, 'share of looks that fail on a healthy fleet, before it has been measured'),
  noise_floor: set(0.004, 'below this a failure would weigh more than one look can bear'),
  noise_ceiling: set(0.012, 'above this a fleet is not noisy but sick'),
  noise_memory: set(20_000, 'looks after which an old noise figure has faded'),
  pooled_evidence: set(14.5, 'natural log of the odds that open a cause seen on several routes'),
  mass_evidence: set(40, 'nine failures and no success over four providers: published at once'),
  single_evidence: set(13.7, 'the same for one route'),
  alike_evidence: set(
    12.5,
    'enough when the last three of a route failed alike and in a row; two never reach it',
  ),
  alike_slots_evidence: set(
    14.2,
    'the same without confirmations: where one look in 125 fails by itself, three alike are luck every few weeks',
  ),
  single_failures: set(4, 'failures one route must show, unless its last three are alike and in a row'),
  alarm_evidence: set(8, 'a running sum above this starts the search for the cause'),
  span_ms: set(21_000, 'looks of the schedule must fail over this long: ten failures in 20 s are one blip'),
  confirm_gap_ms: set(1_500, 'looks closer than this share a connection fault'),
  confirm_after_ms: set(2_000, 'when the first confirmation of a failure is asked for'),
  confirm_times: set(2, 'confirmations asked after a first failure'),
  young_ms: set(300_000, 'so long an incident may still turn out to be something larger'),
  sibling_ms: set(1_800_000, 'two routes of one provider out within this are the provider'),
  join_ms: set(180_000, 'causes that began within this of each other are one fault'),
  major_share: set(0.6, 'lower 90 % bound of the failing share that makes a major outage'),
  major_dwell_ms: set(20_000, 'and it must still hold after this, unless everything failed'),
  worse_evidence: set(
    9.2,
    'one in ten thousand: so surely must a partial fault have grown to be called major',
  ),
  partial_share: set(0.1, 'failing share from which an outage is partial and not merely degraded'),
  share_window_ms: set(
    90_000,
    'how far back the failing share of an open incident looks, if that holds enough',
  ),
  share_looks: set(20, 'and this many looks at least'),
  share_plain: set(6, 'unless so many all failed'),
  close_evidence: set(
    9.2,
    'one in ten thousand: the chance that so many good looks come from a fault going on',
  ),
  close_evidence_few: set(
    11.5,
    'fifteen good looks after three of three failed: two in five shows that run once in a thousand',
  ),
  close_evidence_partial: set(
    14,
    'one in a million: a fault of two in five shows fifteen good looks in a row once in a hundred',
  ),
  close_evidence_pooled: set(12, 'several routes give more looks, so more is asked of them'),
  close_calm_ms: set(90_000, 'several routes must be calm so long before a partial fault is over'),
  close_calm_total_ms: set(30_000, 'a total fault shows its end at once'),
  close_at_latest_ms: set(660_000, 'after so long without a failure nothing rare is waited for'),
  continue_ms: set(900_000, 'a fault that comes back within this continues the same incident'),
  flap_returns: set(2, 'returns within the hour after which an incident is called unstable'),
  flap_calm_ms: set(600_000, 'an unstable incident must be calm so long before it is over'),
  account_looks: set(2, 'refused looks per keyed route, all of them, before our own key is to blame'),
  account_span_ms: set(75_000, 'and for at least so long: a gateway outage lets something through by then'),
  account_clear_looks: set(3, 'refusals that say in plain words that credit or limit is used up'),
  limited_share: set(0.5, 'share of 429s, as a lower bound, from which a provider is saturated'),
  slow_share: set(0.5, 'share of slow looks, as a lower bound, from which it is a brownout'),
  mild_window_ms: set(180_000, 'slowness and saturation are judged over this, or over six intervals'),
  mild_span_ms: set(150_000, 'and must have gone on for so long'),
  mild_looks: set(6, 'and over this many looks'),
  slow_factor: set(2.5, 'times its own median a first token must take to be slow'),
  slow_mads: set(8, 'and so many median deviations beyond it'),
  slow_floor_ms: set(600, 'and at least so much beyond it'),
  baseline_samples: set(61, 'first-token times a baseline is made of'),
  baseline_least: set(12, 'below this many nothing is called slow'),
  notice_window_ms: set(3_600_000, 'what persists below the bar is judged over an hour'),
  notice_share: set(0.015, 'lower 99 % bound of the failing share that is worth a notice'),
  notice_noise: set(2.5, 'and so many times what the whole fleet shows'),
  notice_failures: set(6, 'and at least so many failures'),
  notice_again_ms: set(21_600_000, 'the same notice is not repeated sooner'),
  blind_window_ms: set(75_000, 'how long the last look at a host speaks for our own connection'),
  loss_evidence: set(9, 'natural log of the odds that all hosts lose alike, beside the worst of them'),
  proof_evidence: set(
    7,
    'how clearly the others must speak for our connection when something cannot be reached',
  ),
  proof_evidence_sent: set(
    5,
    'the same where connections stood and nothing came: a line that loses shows that less often',
  ),
  proof_evidence_narrow: set(
    7,
    'the same where only some routes of one host fail on the network: it chooses among many',
  ),
  proof_evidence_scant: set(1, 'the same where no controls are looked at'),
  blind_hosts: set(3, 'fewer hosts than this cannot tell our connection from theirs'),
  stall_looks: set(5, 'looks our own process spoiled within the window before the operator hears of it'),
  stall_window_ms: set(180_000, 'see stall_looks'),
  expiry_intervals: set(3, 'evidence older than so many intervals is no evidence'),
  expiry_least_ms: set(90_000, 'and never younger than this'),
  default_every_ms: set(60_000, 'interval assumed until it is known or learned'),
  high_samples: set(16, 'sixteen good looks of sixteen mean at least 80 %'),
  medium_samples: set(3, 'three looks mean something'),
  sample_window_ms: set(300_000, 'looks that speak for the present'),
  late_ms: set(120_000, 'later lines count but open nothing'),
  incident_every_ms: set(10_000, 'while an incident is open its routes are looked at so often'),
  closing_every_ms: set(
    3_000,
    'a fault that was total until now: its few routes are looked at so often, for a minute',
  ),
  suspicion_ms: set(120_000, 'so long after a second failure'),
  doubt_every_ms: set(
    6_000,
    'a route that failed and worked is looked at so often: it is few looks, and soon',
  ),
  doubt_ms: set(
    45_000,
    'so long after a single failure: two in a hundred faults of two in five hide that long',
  ),
  fail_open_looks: set(3, 'countable failures in a row that open a circuit'),
  fail_open_ms: set(90_000, 'and within so long, or three intervals'),
  open_success_share: set(0.8, 'a success share surely below this opens a circuit'),
  degraded_success_share: set(0.95, 'a success share surely below this is degraded'),
  circuit_least_looks: set(5, 'looks below which no share decides'),
  retry_ms: set(30_000, 'first wait of an open circuit; doubles each time'),
  retry_most_ms: set(600_000, 'longest wait of an open circuit'),
  retry_jitter: set(0.2, 'so that readers do not come back together'),
  trial_every_ms: set(10_000, 'one trial so often while half open'),
  close_successes: set(3, 'good trials that close a circuit'),
  close_gap_ms: set(5_000, 'at least so far apart'),
  ramp_ms: set(60_000, 'weights return step by step over this long'),
  dwell_ms: set(30_000, 'every circuit state lasts so long at least'),
  backoff_forget_ms: set(600_000, 'clean time that takes back one doubling'),
  group_share: set(0.6, 'share of a group that must have opened'),
  group_least: set(2, 'and so many at least'),
  group_within_ms: set(120_000, 'within so long'),
  model_open_share: set(0.5, 'at most this share of a model may be avoided'),
  guard_share: set(0.2, 'more openings than this at once are held back'),
  guard_least: set(5, 'unless they are fewer than this'),
  guard_window_ms: set(10_000, 'openings so close together are at once'),
  guard_hold_ms: set(10_000, 'a hold with good controls ends after this'),
} as const satisfies Record<string, Setting>;

export type PolicyName = keyof typeof policyTable;
export type Policy = Record<PolicyName, number>;

export const defaultPolicy: Policy = Object.fromEntries(
  Object.entries(policyTable).map(([name, setting]) => [name, setting.value]),
) as Policy;

export function isPolicyName(name: string): name is PolicyName {
  return Object.hasOwn(policyTable, name);
}

/** Why an override cannot be taken, in the words of whoever wrote it; null: it can. */
export function policyProblem(name: string, value: number): string | null {
  if (!isPolicyName(name)) return `nobody knows ${name}: no number of judgement has that name`;
  if (!Number.isFinite(value) || value < 0) return `${name} must be zero or more, not ${value}`;
  if (/_share$/.test(name) && value > 1) return `${name} is a share: at most 1, not ${value}`;
  return null;
}

/** Names nobody knows are given back, for the configuration to refuse. */
export function policyWith(overrides: Record<string, number>): { policy: Policy; unknown: string[] } {
  const policy = { ...defaultPolicy };
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(overrides)) {
    if (isPolicyName(name)) policy[name] = value;
    else unknown.push(name);
  }
  return { policy, unknown };
}
