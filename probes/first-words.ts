import type { Observation } from '#lib/core/observation.ts';
import { nameOf } from '#lib/core/sentence.ts';

/** What the first checks show of ourselves, said once to whoever typed the command, with what to do about it. */
export interface FirstWords {
  hear(observation: Observation): void;
}

/** One reference site may be down by itself. */
const leastSites = 2;

export function createFirstWords(io: { say(sentence: string): void; sites(): number }): FirstWords {
  const { say } = io;
  const silent = new Set<string>();
  const greeted = new Set<string>();
  let isNetworkSeen = false;
  let isNetworkMissed = false;

  function hearSite({ target, fault }: Observation): void {
    if (isNetworkSeen) return;
    if (fault === null) {
      isNetworkSeen = true;
      if (isNetworkMissed) say('The network is there: checking begins.');
      return;
    }
    silent.add(target.provider ?? '');
    if (isNetworkMissed || silent.size < Math.max(leastSites, io.sites())) return;
    isNetworkMissed = true;
    say(
      'There is no network from here: no reference site answers ("controls:" names them). Everything is shown as unknown until one does.',
    );
  }

  function hearKey({ target, account }: Observation): void {
    const whose = (target.gateway === 'direct' ? target.provider : target.gateway) ?? '';
    if (account === null || account.valid === null || greeted.has(whose)) return;
    greeted.add(whose);
    const name = nameOf(whose);
    if (account.valid === false)
      say(
        `${name} refuses the key: is it complete, and not revoked? Until it is accepted only what is free says anything.`,
      );
    else if (account.limitRemainingUsd !== null && account.limitRemainingUsd <= 0)
      say(`Nothing is left on the key at ${name}: calls are refused until its limit is raised.`);
  }

  return {
    hear(observation) {
      if (observation.probe === 'control') hearSite(observation);
      else if (observation.probe === 'account') hearKey(observation);
    },
  };
}
