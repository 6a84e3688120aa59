/** How often strangers may ask, per network and in all. One per process; its clock is given. */
export interface SubscribeLimits {
  admit(address: string, nowMs: number): { ok: true } | { ok: false; retryAfterMs: number };
  /** True once per hour in which the limit for all was reached: somebody should know. */
  isAlarming(): boolean;
}

const perNetwork = { most: 5, windowMs: 600_000 };
const inAll = { most: 200, windowMs: 3_600_000 };
const mostNetworks = 10_000;

export function createSubscribeLimits(): SubscribeLimits {
  const networks = new Map<string, number[]>();
  let all: number[] = [];
  let alarm = false;
  return {
    admit(address, nowMs) {
      const network = networkOf(address);
      const recent = (networks.get(network) ?? []).filter((at) => at > nowMs - perNetwork.windowMs);
      all = all.filter((at) => at > nowMs - inAll.windowMs);
      if (recent.length >= perNetwork.most)
        return { ok: false, retryAfterMs: (recent[0] as number) + perNetwork.windowMs - nowMs };
      if (all.length >= inAll.most) {
        alarm = true;
        return { ok: false, retryAfterMs: (all[0] as number) + inAll.windowMs - nowMs };
      }
      recent.push(nowMs);
      all.push(nowMs);
      networks.delete(network);
      networks.set(network, recent);
      // The oldest go first: forgetting them costs an attacker ten thousand networks.
      if (networks.size > mostNetworks) networks.delete(networks.keys().next().value as string);
      return { ok: true };
    },
    isAlarming() {
      const was = alarm;
      alarm = false;
      return was;
    },
  };
}

/** A /24 or a /56: what one household or one machine can ask from. */
export function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i.exec(address);
  if (v4) return `${v4[1]}.0/24`;
  const groups = expandV6(address);
  if (!groups) return address;
  const fourth = Number.parseInt(groups[3] ?? '0', 16) & 0xff00;
  return `${groups
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}:${fourth.toString(16)}::/56`;
}

function expandV6(address: string): string[] | null {
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  if (!/^[0-9a-f:]*$/i.test(head) || !address.includes(':')) return null;
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? [] : Array(Math.max(0, 8 - front.length - back.length)).fill('0');
  return [...front, ...middle, ...back];
}
