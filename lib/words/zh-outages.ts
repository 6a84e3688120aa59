/** The documented outages in Chinese, text by text. Names of sources stay as their authors wrote them. */
export const outagesZh: Record<string, string> = {
  'OpenRouter was down': 'OpenRouter 发生故障',
  'OpenRouter failed, then answered "User not found"': 'OpenRouter 先是失败，随后回答 "User not found"',
  'OpenRouter failed again, two days later': '两天后 OpenRouter 再次失败',
  'Secondary sources only, with contradictory times': '仅有二手资料，时间互相矛盾',
  'Official post-mortem': '官方事后报告',
  outage: '故障',
  precursor: '前兆',
  partial: '部分',
  'near-total': '几乎全部',
  'a total outage, without a number': '完全故障，没有数字',
  'cache errors in internal logs, no user impact': '内部日志中的缓存错误，用户未受影响',
  'about 20 %': '约 20 %',
  '80 to 90 %': '80 至 90 %',
  'partial, roughly 20 % for the first phase of both outages': '部分，两次故障的第一阶段均约 20 %',
  'near-total, without a number': '几乎全部，没有数字',
  'First internal alert at OpenRouter': 'OpenRouter 内部首次告警',
  'Firewall rules against a denial-of-service attack that ran at the same time':
    '针对同时发生的拒绝服务攻击设置防火墙规则',
  'The official status page opened an incident': '官方状态页发布故障',
  'Service restored': '服务恢复',
  'The official status page closed the incident': '官方状态页关闭故障',
  'A database dependency in US East failed. It was not a problem of any LLM provider.':
    '美国东部的一个数据库依赖失败。并非任何大模型提供商的问题。',
  'A third-party cache used for API key lookups dropped its connections to the key database and returned errors, seen as 500. When it came back every cached entry was invalid, so each request needed a database lookup. The database could not keep up, lookups timed out, and the timeouts were returned as 401 "User not found".':
    '用于查询 API 密钥的第三方缓存断开了与密钥数据库的连接并返回错误，表现为 500。恢复后所有缓存条目均已失效，因此每个请求都需要查询数据库。数据库不堪重负，查询超时，而超时被返回为 401 "User not found"。',
  'Circuit breakers and a controlled refill of the key cache': '熔断机制，并受控地重新填充密钥缓存',
  '503 instead of 401 when a key lookup cannot be completed': '无法完成密钥查询时返回 503 而不是 401',
  'Fixes on the side of the cache vendor': '缓存供应商方面的修复',
  'A fallback cache was announced': '宣布增加备用缓存',
  'The start is given as 05:40 Eastern and the end as 10:29 Eastern, which would be 289 minutes, beside a stated length of about 50. It fits if the end is UTC: 09:40 to 10:29 UTC.':
    '开始时间记为美东 05:40，结束时间记为美东 10:29，即 289 分钟，而所述时长约为 50 分钟。如果结束时间为 UTC 则相符：09:40 至 10:29 UTC。',
  'No official post-mortem is known.': '没有已知的官方事后报告。',
  'The status page opened 23 minutes late and closed 67 minutes late; only 15 minutes overlap the outage.':
    '状态页晚 23 分钟发布，晚 67 分钟关闭；与故障仅重叠 15 分钟。',
  'At first a denial-of-service attack was blamed; the post-mortem names the key cache.':
    '起初归咎于拒绝服务攻击；事后报告指出是密钥缓存。',
  'The timeline of this day has no numbers; the shares are chosen to tell the story again, not measured.':
    '当天的时间线没有数字；比例是为重现经过而选，并非测得。',
};
