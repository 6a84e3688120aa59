/**
 * The admin pages' log lines, in Chinese: what became of each message, and who did what. They are written once, in
 * English, by the worker and the edge; a part that is not known here stays as it is.
 */

type Rule = [RegExp, (...parts: string[]) => string];

const faults: Rule[] = [
  [/^(.+): trying again cannot help$/, (fault) => `${faultZh(fault)}：再试也没有用`],
  [
    /^(.+); too old to try again after (\d+) tries$/,
    (fault, n) => `${faultZh(fault)}；已试 ${n} 次，过时不再重试`,
  ],
  [/^(.+) after (\d+) tries$/, (fault, n) => `${faultZh(fault)}，已试 ${n} 次`],
  [/^(.+) (\d+) times$/, (fault, n) => `${faultZh(fault)}，共 ${n} 次`],
  [/^no answer \((.+)\) after ([\d.]+) s$/, (why, s) => `${s} 秒后仍无应答（${transports[why] ?? why}）`],
  [/^no answer after ([\d.]+) s$/, (s) => `${s} 秒后仍无应答`],
  [/^answered (\d+)$/, (status) => `应答 ${status}`],
  [/^the mail server answered (.+)$/, (said) => `邮件服务器应答 ${said}`],
  [/^the mail server took it \((\d+)\)$/, (status) => `邮件服务器已接收（${status}）`],
  [/^mail could not be sent \((.+)\)$/, (code) => `邮件无法发送（${code}）`],
  [/^said together with (.+)$/, (id) => `与 ${id} 一起发送`],
  [/^(.+) answered (ok|\d+|[a-z_]+)$/, (who, word) => `${who} 应答 ${word}`],
];

const reasons: Rule[] = [
  [/^the receiver is (\w+)$/, (status) => `接收方${statuses[status] ?? status}`],
  [
    /^held for the (\w+) digest$/,
    (when) => `暂缓：等待${when === 'daily' ? '每日' : when === 'weekly' ? '每周' : ` ${when} `}汇总`,
  ],
  [/^did not ask for (.+) messages$/, (kind) => `没有订阅${kinds[kind] ?? kind}消息`],
  [/^outside its scope \((.+)\)$/, (scope) => `不在其范围内（${scope}）`],
  [
    /^(.+) is below its smallest impact, (.+)$/,
    (impact, least) => `${impacts[impact] ?? impact}，低于其最小影响：${impacts[least] ?? least}`,
  ],
];

const statuses: Record<string, string> = { pending: '尚未确认', disabled: '已停用', paused: '已暂停' };
const kinds: Record<string, string> = {
  incident: '故障',
  account: '账户',
  catalog: '目录',
  maintenance: '维护',
  circuit: '熔断',
  chain: '备用链',
  delivery: '投递',
};
const impacts: Record<string, string> = {
  degraded: '性能下降',
  partial_outage: '部分故障',
  major_outage: '故障',
};

const transports: Record<string, string> = {
  cut: '中断',
  dns: '域名无法解析',
  unreachable: '无法到达',
  refused: '被拒绝',
  reset: '被重置',
  tls: '加密失败',
  timeout: '超时',
  too_large: '过大',
  malformed: '格式错误',
  aborted: '已取消',
};

const whole: Record<string, string> = {
  'Sent.': '已发送。',
  posted: '已发布',
  'edited, and answered in its thread': '已修改，并在其讨论串中回复',
  'Telegram took it': 'Telegram 已接收',
  'Telegram did not say ok': 'Telegram 未确认',
  'Slack limits the rate': 'Slack 限速',
  'no mail server is configured': '没有配置邮件服务器',
  'the mail server did not answer in time': '邮件服务器未及时应答',
  'the mail server cannot be reached': '无法到达邮件服务器',
  'the connection to the mail server broke': '与邮件服务器的连接中断',
  'the mail server’s name cannot be resolved': '无法解析邮件服务器的域名',
  'no secure connection to the mail server': '与邮件服务器没有安全连接',
  'the mail server refused our password': '邮件服务器拒绝了我们的密码',
  'smtp.from is no mail address': 'smtp.from 不是邮件地址',
  'called off': '已取消',
  'answered without the words it should contain': '应答中没有应有的字样',
  'the message is longer than 20 kB': '消息超过 20 kB',
  'did not give the challenge back': '没有送回验证码',
  'the receiver is gone or was switched off': '接收方已删除或停用',
  'a later message says what is true now': '后来的消息说明了现状',
  'nobody has acknowledged it': '尚无人确认',
  'addressed to this receiver': '专门发给此接收方',
  'held: muted': '暂缓：已静音',
  'held: only if nobody acknowledges': '暂缓：仅在无人确认时发送',
  'held: quiet hours': '暂缓：静默时段',
  'public: every subscription is asked': '公开：逐一询问每个订阅',
  'asked only about another incident': '只关心另一起故障',
  'asked only to hear when it is over': '只想知道何时结束',
  'only pagers are told that somebody is looking': '有人在处理：只通知寻呼渠道',
  'unstable: only the start and the end of it are told': '不稳定：只通知开始与结束',
  'a chain is the affair of whoever configured it': '备用链只与其配置者有关',
  'not public: it concerns only the owner of this installation': '不公开：只与本安装的所有者有关',
};

const acts: Rule[] = [
  [/^a sign-in from (.+) failed$/, (from) => `来自 ${from} 的登录失败`],
  [/^signed in from (.+)$/, (from) => `从 ${from} 登录`],
  [/^opened "(.*)"$/, (title) => `新建“${title}”`],
  [/^planned maintenance "(.*)"$/, (title) => `计划维护“${title}”`],
  [/^cancelled maintenance "(.*)"$/, (title) => `取消维护“${title}”`],
  [/^unmuted (.+)$/, (scope) => `取消静音 ${scope}`],
  [/^muted (.+) for (\d+) h$/, (scope, hours) => `静音 ${scope} ${hours} 小时`],
  [/^merge (.+) into (.+)$/, (one, other) => `将 ${one} 并入 ${other}`],
  [/^split (.+) off (.+)$/, (scope, id) => `将 ${scope} 从 ${id} 分出`],
  [/^asked for a check of (.+)$/, (key) => `要求检测 ${key}`],
  [/^([a-z]+) (.+)$/, (what, id) => `${verbs[what] ?? what} ${id}`],
];

const verbs: Record<string, string> = {
  acknowledge: '确认',
  annotate: '备注',
  announce: '通知',
  resolve: '宣布结束',
  correct: '更正',
  publish: '公开',
  hide: '隐藏',
  unpublish: '隐藏',
  test: '测试',
  mute: '静音',
  unmute: '取消静音',
  cancel: '取消',
  end: '结束',
};

function byRules(rules: Rule[], text: string): string {
  for (const [pattern, say] of rules) {
    const found = pattern.exec(text);
    if (found) return say(...found.slice(1));
  }
  return text;
}

/** What became of a message, and why. */
export function faultZh(text: string): string {
  return whole[text] ?? byRules([...reasons, ...faults], text);
}

/** Who did what. */
export function actZh(text: string): string {
  return byRules(acts, text);
}
