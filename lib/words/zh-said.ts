import { classPhrases } from '../core/sentence-words.ts';
import { classNamesZh } from './zh-classes.ts';
import { whysZh } from './zh-whys.ts';

/**
 * The core speaks English once and stores what it said. This reads those sentences again, part by part, and says them
 * in Chinese; what a person wrote, and what it does not know, stays as it is.
 */

type Rule = [RegExp, (...parts: string[]) => string];

const unit: Record<string, string> = { ms: '毫秒', s: '秒', min: '分钟', h: '小时', d: '天' };

/** `2 h 5 min` */
export function timeZh(text: string): string {
  return text.replace(/(\d+) (ms|s|min|h|d)\b/g, (_, n: string, u: string) => `${n} ${unit[u]}`);
}

const verbs: Record<string, string> = {
  failed: '失败',
  worked: '成功',
  'were slow': '较慢',
  'were turned away': '被拒绝接收',
};
const phrases = new Map(
  Object.entries(classPhrases).map(([name, phrase]) => [
    phrase,
    classNamesZh[name as keyof typeof classNamesZh] ?? phrase,
  ]),
);

export function whyZh(text: string): string {
  return whysZh[text] ?? phrases.get(text) ?? text;
}

/** `the model x`, `OpenRouter`: who is meant. */
export function whoZh(text: string): string {
  return text
    .replace(/^[Tt]he model (.+)$/, '模型 $1')
    .replace(/^[Tt]he route (.+)$/, '线路 $1')
    .replace(/^[Oo]ur account with (.+)$/, '我们在 $1 的账户')
    .replace(/^[Oo]ur own connection$/, '我们自己的网络连接')
    .replace(/^[Oo]ur own process$/, '我们自己的程序');
}

const time = '((?:\\d+ (?:ms|s|min|h|d) ?)+?)';

/** What may follow the numbers, in any order. */
const tails: Rule[] = [
  [/^ over (\d+) providers/, (n) => `，涉及 ${n} 家提供商`],
  [/^, mostly (.+?)(?=;|, only checked|$)/, (why) => `，多为${whyZh(why)}`],
  [/^, some were turned away \(429\)/, () => '，部分被限速（429）'],
  [/^, only checked from (.+?)(?=;|$)/, (place) => `，仅从 ${place} 检测`],
  [/^; providers called directly are fine/, () => '；直接调用提供商正常'],
  [/^; called directly it works/, () => '；直接调用正常'],
  [/^; its provider and its model work elsewhere/, () => '；其提供商和模型在别处正常'],
  [/^; it could also be (.+?)$/, (list) => `；也可能是${list.split(' or ').map(whoZh).join('或')}`],
  [/^; not confirmed yet/, () => '；尚未确认'],
  [/^: (.+)$/, (why) => `：${whyZh(why)}`],
];

function tailZh(text: string): string | null {
  let rest = text;
  let said = '';
  while (rest !== '') {
    const before = rest;
    for (const [pattern, say] of tails) {
      const found = pattern.exec(rest);
      if (!found) continue;
      said += say(...found.slice(1));
      rest = rest.slice(found[0].length);
      break;
    }
    if (rest === before) return null;
  }
  return said;
}

const whole: Rule[] = [
  [/^not checked for (.+)$/, (span) => `已有 ${timeZh(span)}未检测`],
  [/^not checked yet$/, () => '尚未检测'],
  [/^our own process stood still for (.+)$/, (span) => `我们自己的程序停滞了 ${timeZh(span)}`],
  [
    /^(\d+) checks were spoiled by our own process standing still$/,
    (n) => `${n} 次检测因我们自己的程序停滞而作废`,
  ],
  [/^seen only through (.+), which is at fault itself$/, (who) => `只能经由 ${who} 看到，而它自身有故障`],
  [/^(\d+) of (\d+) places do not answer$/, (n, m) => `${m} 处对照中有 ${n} 处没有响应`],
  [
    new RegExp(`^(\\d+) checks in ${time}, slow, limited or wrong$`),
    (n, span) => `${timeZh(span)}内 ${n} 次检测，较慢、限速或答案错误`,
  ],
  [
    new RegExp(`^(\\d+) of (\\d+) checks with this key were refused in ${time}: (.+)$`),
    (n, m, span, why) => `${timeZh(span)}内使用此密钥的 ${m} 次检测中有 ${n} 次被拒绝：${whyZh(why)}`,
  ],
];

/** A reason: numbers, then what goes with them. Null: it is none that the core makes. */
function knownReason(text: string): string | null {
  if (whysZh[text] !== undefined) return whysZh[text];
  for (const [pattern, say] of whole) {
    const found = pattern.exec(text);
    if (found) return say(...found.slice(1));
  }
  const counted = new RegExp(
    `^(\\d+) of (\\d+) checks (failed|worked|were slow|were turned away)(?: in ${time}(?=[ ,;:]|$))?(.*)$`,
  ).exec(text);
  if (!counted) return null;
  const [, n, m, verb, span, rest] = counted as unknown as string[];
  const tail = tailZh((rest ?? '').replace(/^ (?=$)/, ''));
  if (tail === null) return null;
  return `${span ? `${timeZh(span.trim())}内 ` : ''}${m} 次检测中有 ${n} 次${verbs[verb ?? '']}${tail}`;
}

const states: [RegExp, string][] = [
  [/ is down$/, '发生故障'],
  [/ fails in part$/, '部分故障'],
  [/ is degraded$/, '性能下降'],
  [/ is slow$/, '响应缓慢'],
  [/ turns calls away \(429\)$/, '拒绝接收请求（429）'],
  [/ is refused$/, '被拒绝'],
  [/ is overloaded$/, '过载'],
];

/** `alpha is down through OpenRouter` */
function knownTitle(text: string): string | null {
  const [, bare = text, via, place] = /^(.+?)(?: through (.+?))?(?:, checked from (.+))?$/.exec(text) ?? [];
  for (const [pattern, state] of states)
    if (pattern.test(bare)) {
      const more = [via && `经由 ${via}`, place && `检测自 ${place}`].filter(Boolean).join('，');
      return `${whoZh(bare.replace(pattern, ''))} ${state}${more ? `（${more}）` : ''}`;
    }
  return null;
}

const lines: Rule[] = [
  [
    /^(.+) for (.+) through (.+) is taken out of rotation: (.+)\.$/,
    (who, model, via, why) =>
      `${via} 上 ${who} 的 ${model} 已停用：${knownReason(why) ?? knownTitle(why) ?? why}。`,
  ],
  [
    /^(.+) for (.+) through (.+) is being tried again\.$/,
    (who, model, via) => `正在重新尝试 ${via} 上 ${who} 的 ${model}。`,
  ],
  [
    /^(.+) for (.+) through (.+) is back in rotation\.$/,
    (who, model, via) => `${via} 上 ${who} 的 ${model} 已恢复启用。`,
  ],
  [/^(.+) works again after (.+)\.$/, (who, span) => `${whoZh(who)} 在 ${timeZh(span)}后恢复正常。`],
  [/^(.+) is unstable: the fault comes and goes\.$/, (who) => `${whoZh(who)} 不稳定：时好时坏。`],
  [/^(.+) is steady again\.$/, (who) => `${whoZh(who)} 已恢复稳定。`],
  [
    /^(.+) now lists (.+?)(?: with (\S+) tokens of context)?, (.+)\.$/,
    (gateway, model, size, price) =>
      `${gateway} 新增 ${model}${size ? `，上下文 ${size} 词元` : ''}，${priceZh(price)}。`,
  ],
  [
    /^(.+) no longer lists (.+?)\.(.*)$/,
    (gateway, model, rest) => `${gateway} 不再列出 ${model}。${insteadZh(rest)}`,
  ],
  [
    /^(\S+) leaves (.+) on (\d{4}-\d\d-\d\d[^ ]*?)\.(.*)$/,
    (model, gateway, day, rest) => `${model} 将于 ${day} 从 ${gateway} 下线。${insteadZh(rest)}`,
  ],
  [
    /^(.+) changed the price of (.+): (.+) → (.+)\.$/,
    (gateway, model, before, after) =>
      `${gateway} 调整了 ${model} 的价格：${priceZh(before)} → ${priceZh(after)}。`,
  ],
  [
    /^The context of (.+) at (.+) went from (\S+) to (\S+) tokens\.$/,
    (model, gateway, before, after) => `${gateway} 上 ${model} 的上下文从 ${before} 变为 ${after} 词元。`,
  ],
  [
    /^(\S+) at (\S+) answers otherwise on (.+): (.+)\.$/,
    (model, gateway, where, what) => `${gateway} 上 ${where} 的 ${model} 回答有变：${what}。`,
  ],
  [
    /^(\S+) at (\S+): (.+)\.$/,
    (model, gateway, news) => `${gateway} 上的 ${model}：${news.split('; ').map(newsZh).join('；')}。`,
  ],
];

function priceZh(text: string): string {
  if (text === 'free') return '免费';
  if (text === 'at a variable price') return '价格可变';
  return text.replace(/^(.+) USD per million tokens$/, '每百万词元 $1 美元');
}

function insteadZh(text: string): string {
  return text.replace(/^ Nearest replacements: (.+)\.$/, '最接近的替代：$1。').trim();
}

function newsZh(text: string): string {
  return text
    .replace(/^(.+) now serves it$/, '$1 开始提供')
    .replace(/^(.+) no longer serves it$/, '$1 不再提供')
    .replace(/^(.+) went from (.+) to (.+) precision$/, '$1 的精度从 $2 变为 $3')
    .replace(/^only (.+) is left, so it cannot fail over$/, '只剩 $1，无法切换');
}

export function reasonZh(text: string): string {
  return (
    knownReason(text) ?? knownReason(text.charAt(0).toLowerCase() + text.slice(1)) ?? knownTitle(text) ?? text
  );
}

/** A sentence of a timeline, an event or a reason; unknown ones come back as they are. */
export function saidZh(text: string): string {
  for (const [pattern, say] of lines) {
    const found = pattern.exec(text);
    if (found) return say(...found.slice(1));
  }
  const told = /^(Now: |It is back: |)(.+?)(?:\. |: )(.+)\.$/.exec(text);
  if (told) {
    const [, lead, title = '', reason = ''] = told;
    const [name, why] = [knownTitle(title), reasonZh(reason)];
    if (name)
      return `${lead === 'Now: ' ? '现在：' : lead === 'It is back: ' ? '再次发生：' : ''}${name}：${why}。`;
  }
  return (
    knownReason(text) ?? knownReason(text.charAt(0).toLowerCase() + text.slice(1)) ?? knownTitle(text) ?? text
  );
}
