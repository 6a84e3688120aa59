import type { Incident, Scope } from '../core/plan.ts';
import { nameOf, type Overall, shutOutFrom } from '../core/sentence.ts';
import { clock } from '../core/sentence-time.ts';
import { type CulpritKind, type Impact, verdictWords } from '../core/words.ts';
import { reasonZh } from './zh-said.ts';

/** The first line and the names of incidents in Chinese, in the same order and from the same facts as the English. */

export interface Named {
  scope: Scope;
  impact: Impact;
  title: string;
  /** A person has named it: that name stays. */
  isTitled: boolean;
}

const impactPhrases: Record<Impact, string> = {
  degraded: '性能下降',
  partial_outage: '部分故障',
  major_outage: '发生故障',
};

export function subjectZh({ kind, id }: Scope): string {
  const names: Record<CulpritKind, string> = {
    gateway: nameOf(id),
    provider: nameOf(id),
    model: `模型 ${id}`,
    route: `线路 ${id}`,
    account: `我们在 ${nameOf(id.replace(/^direct\//, ''))} 的账户`,
    prober: '我们自己的网络连接',
  };
  return names[kind];
}

export function incidentNameZh({ scope, impact, title, isTitled }: Named): string {
  if (isTitled) return title;
  if (scope.kind === 'account') return `${subjectZh(scope)}被拒绝`;
  const via = scope.via ? `（经由 ${nameOf(scope.via)}）` : '';
  return `${subjectZh(scope)} ${impactPhrases[impact]}${via}`;
}

export function spanZh(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} 秒`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} 分钟`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} 小时 ${minutes % 60} 分钟` : `${Math.floor(hours / 24)} 天`;
}

export function incidentSentenceZh(incident: Incident, nowMs: number): string {
  const { startedAtMs, resolvedAtMs, evidence, isUnstable, reason } = incident;
  const name = incidentNameZh({ ...incident, isTitled: incident.pinned.includes('title') });
  if (resolvedAtMs !== null) {
    return `${name}：已恢复。持续 ${spanZh(resolvedAtMs - startedAtMs)}，从 ${clock(startedAtMs)} 到 ${clock(resolvedAtMs)} UTC。`;
  }
  if (isUnstable && evidence.quietSinceMs)
    return `${subjectZh(incident.scope)} 自 ${clock(startedAtMs)} UTC 起时好时坏：自 ${clock(evidence.quietSinceMs)} UTC 起正常，仍在观察，直到稳定为止。`;
  const said = reasonZh(reason);
  const over = evidence.providers > 1 ? `，涉及 ${evidence.providers} 家提供商` : '';
  const counts = `${spanZh(evidence.windowMs)}内 ${evidence.total} 次检测中有 ${evidence.failed} 次失败${over}`;
  return `${name}：${said === reason ? counts : said}。自 ${clock(startedAtMs)} UTC 起，已持续 ${spanZh(nowMs - startedAtMs)}${isUnstable ? '，时好时坏' : ''}。`;
}

const order: Record<Impact, number> = { major_outage: 0, partial_outage: 1, degraded: 2 };

export function overallSentenceZh(o: Overall): string {
  if (o.isBlind) return '我们自己的网络连接中断，因此无法判断其他服务的状况。';
  if (o.isStale) {
    const since = o.lastLookAtMs === null ? '启动以来' : `自 ${clock(o.lastLookAtMs)} UTC 起`;
    return `${since}我们一直无法进行检测。`;
  }
  const open = o.incidents
    .filter((incident) => incident.status === 'open' && incident.isPublic)
    .sort((a, b) => order[a.impact] - order[b.impact]);
  const [first] = open;
  if (first) {
    const more = open.length > 1 ? `另有 ${open.length - 1} 个故障未恢复。` : '';
    return incidentSentenceZh(first, o.nowMs) + more;
  }
  const shut = shutOutFrom(o);
  if (shut) return `我们自己的检测目前无法到达，因此无法判断 ${nameOf(shut.id)} 的状况。`;
  return calmZh(o);
}

function calmZh(o: Overall): string {
  const shown = o.components.filter((c) => c.kind === 'gateway' || c.kind === 'provider');
  if (o.components.every((c) => c.verdict === 'unknown')) return '尚未进行任何检测。';
  const bad = shown.filter((c) => verdictWords[c.verdict].severity >= 2);
  if (bad.length > 0)
    return `${bad
      .slice(0, 3)
      .map((c) => nameOf(c.id))
      .join('、')}：并非一切正常。`;
  const unknown = shown.filter((c) => c.verdict === 'unknown').length;
  return unknown === 0
    ? '我们检测的一切均正常。'
    : `${shown.length} 项服务中有 ${shown.length - unknown} 项正常，其余近期未检测。`;
}
