/* Signalbox's one script: renews the page when something changed, turns it grey when it is old, and keeps the
   reader's choices of theme and clock. Everything it does is an addition: without it the page is complete. */
(() => {
  const root = document.documentElement;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const kept = (key, value) => {
    try {
      if (value === undefined) return localStorage.getItem(key);
      localStorage.setItem(key, value);
    } catch {}
    return value ?? null;
  };

  /* Theme and clock. */
  const isDark = () =>
    (root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) ===
    'dark';
  const themed = kept('theme');
  if (themed === 'dark' || themed === 'light') root.dataset.theme = themed;
  const clock = { hour: '2-digit', minute: '2-digit' };
  const second = { second: '2-digit' };
  const date = { day: 'numeric', month: 'short', year: 'numeric' };
  const forms = {
    time: clock,
    second: { ...clock, ...second },
    day: date,
    short: { day: 'numeric', month: 'short', ...clock },
    dated: { ...date, ...clock },
    full: { ...date, ...clock, ...second },
  };
  const isLocal = () => charts !== 'loading' && kept('clock') === 'local';
  let hasLocalTimes = false;
  function writeTimes() {
    const button = one('[data-clock]');
    if (button) button.textContent = isLocal() ? button.dataset.local : 'UTC';
    if (!isLocal() && !hasLocalTimes) return;
    hasLocalTimes = isLocal();
    for (const time of all('time[data-form]')) {
      time.dataset.utc ??= time.textContent;
      const form = { ...forms[time.dataset.form], hourCycle: 'h23' };
      const locale = root.lang.startsWith('zh') ? 'zh-CN' : 'en-GB';
      time.textContent = isLocal()
        ? new Intl.DateTimeFormat(locale, form).format(new Date(time.dateTime))
        : time.dataset.utc;
    }
  }

  /* Server time: Date + Age of the last answer, counted on by the monotonic clock. Our own clock is not asked. */
  let serverAt = null;
  let until = Number(one('main')?.dataset.until) || null;
  function learnTime(response) {
    const date = Date.parse(response.headers.get('date') ?? '');
    const age = Number(response.headers.get('age') ?? 0) * 1000;
    if (!Number.isNaN(date)) serverAt = { ms: date + age, at: performance.now() };
  }
  const serverNow = () => (serverAt ? serverAt.ms + performance.now() - serverAt.at : null);
  const isEnding = (aheadMs = 20_000) => serverAt !== null && until !== null && serverNow() > until - aheadMs;
  function grey() {
    const isOld = isEnding(0);
    const main = one('main');
    if (!main || (main.dataset.stale !== undefined) === isOld) return;
    if (isOld) main.dataset.stale = '';
    else delete main.dataset.stale;
    for (const note of all('[data-stale-note]')) note.hidden = !isOld;
  }

  /* Renewal. Where charts live only the parts marked as live are exchanged. */
  let last = null;
  let busy = false;
  let again = false;
  async function renew() {
    if (busy || charts === 'loading') {
      again = true;
      return;
    }
    busy = true;
    try {
      const response = await fetch(location.href, { cache: 'no-cache', headers: { accept: 'text/html' } });
      learnTime(response);
      if (response.ok) exchange(await response.text());
    } catch {
      /* The next event or poll tries again; until then the page greys by itself. */
    }
    busy = false;
    grey();
    if (again) {
      again = false;
      renew();
    }
  }
  function exchange(text) {
    if (text === last) return;
    /* Charts that were woken meanwhile compare what is there with what they know. */
    if (charts === 'loading') {
      again = true;
      return;
    }
    last = text;
    const next = new DOMParser().parseFromString(text, 'text/html');
    /* The parser does not know that scripts run here: what is for readers without them must not come alive. */
    for (const part of all('noscript', next)) part.replaceChildren();
    const fresh = one('main', next);
    const main = one('main');
    if (!fresh || !main) return;
    until = Number(fresh.dataset.until) || null;
    const focus = document.activeElement?.id;
    const open = all('main details[open] > summary').map((s) => s.textContent);
    if (charts === 'there') {
      for (const part of all('[data-live]', main)) {
        const other = one(`[data-live="${part.dataset.live}"]`, fresh);
        if (other) part.replaceChildren(...other.childNodes);
      }
    } else if (!all('main form').some((form) => form.contains(document.activeElement))) {
      main.replaceWith(fresh);
      scripts = laterOf(next);
      watchCharts();
    }
    for (const summary of all('main details > summary'))
      if (open.includes(summary.textContent)) summary.parentNode.open = true;
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
    document.title = next.title;
    const icon = one('link[rel="icon"]');
    const freshIcon = one('link[rel="icon"]', next);
    if (icon && freshIcon && icon.href !== freshIcon.href) icon.href = freshIcon.href;
    writeTimes();
    checkTold();
  }

  /* Events while somebody looks; a poll where there is no stream, and in a hidden tab that waits for an end. */
  let stream = null;
  let pollTimer = null;
  let soon = null;
  let beats = 0;
  const changed = () => {
    clearTimeout(soon);
    soon = setTimeout(renew, 60);
  };
  function listen() {
    if (stream || !one('main[data-until]') || !('EventSource' in window)) return poll();
    stream = new EventSource('/api/v1/health/stream');
    for (const name of ['target', 'target_removed', 'guard', 'incident', 'chain', 'snapshot'])
      stream.addEventListener(name, changed);
    stream.addEventListener('heartbeat', (event) => {
      const beat = JSON.parse(event.data);
      const valid = Date.parse(beat.valid_until ?? '');
      if (!Number.isNaN(valid)) until = valid;
      grey();
      /* Figures move without an event: once a minute is enough for them. */
      if (++beats % 4 === 0) renew();
    });
    /* A stream that broke tries again by itself; until it is there the page asks. */
    stream.onopen = () => clearTimeout(pollTimer);
    stream.onerror = () => {
      if (stream?.readyState === EventSource.CLOSED) stream = null;
      poll();
    };
  }
  function poll() {
    clearTimeout(pollTimer);
    pollTimer = setTimeout(
      async () => {
        if (one('main[data-until]')) await renew();
        if (stream?.readyState !== 1) poll();
      },
      12_000 + Math.random() * 6_000,
    );
  }
  function attend() {
    if (document.visibilityState === 'visible') {
      listen();
      renew();
    } else {
      stream?.close();
      stream = null;
      clearTimeout(pollTimer);
      if (waitsForEnd()) poll();
    }
  }

  /* "Tell me when it is over": a notification from this tab, fetched when somebody wants one. */
  const waitsForEnd = () => (sessionStorage.getItem('told') ?? '[]') !== '[]';
  const checkTold = () => waitsForEnd() && import('/tell.js').then((tell) => tell.checkTold());
  const tell = (link) =>
    import('/tell.js').then(
      (tell) => tell.tell(link),
      () => {
        location.href = link.href;
      },
    );

  /* Search over models and providers: fetched when first wanted. */
  const search = async (box) => (await import('/search.js')).search(box);

  /* What draws charts is fetched when they come near; until then a page with charts is as plain as the others. React
     compares its markup with what is there, so our own changes are taken back first. */
  const laterOf = (page) => one('script[data-later]', page)?.dataset.later.split(' ') ?? [];
  let scripts = laterOf(document);
  let charts = scripts.length > 0 ? 'waiting' : 'none';
  const near =
    'IntersectionObserver' in window
      ? new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && wakeCharts(), {
          rootMargin: '400px',
        })
      : null;
  function watchCharts() {
    if (charts !== 'waiting') return;
    near?.disconnect();
    for (const place of all('#charts figure > section')) near ? near.observe(place) : wakeCharts();
  }
  const load = (src) =>
    new Promise((onload, onerror) => {
      const tag = Object.assign(document.createElement('script'), { src, async: false, onload, onerror });
      document.head.append(tag);
    });
  async function wakeCharts() {
    if (charts !== 'waiting') return;
    charts = 'loading';
    near?.disconnect();
    writeTimes();
    one('[data-search-list]')?.replaceChildren();
    const ready = new Promise((done) => {
      const observer = new MutationObserver(() => root.dataset.ready !== undefined && done('there'));
      observer.observe(root, { attributeFilter: ['data-ready'] });
      setTimeout(done, 20_000, 'none');
    });
    try {
      /* The page's own data first: Next reads once what is there when it begins. */
      const [data, ...files] = scripts;
      await load(data);
      await Promise.all(files.map(load));
      charts = await ready;
    } catch {
      charts = 'none';
    }
    writeTimes();
    const box = one('[data-search] input');
    if (box && box === document.activeElement) search(box);
    if (again) {
      again = false;
      renew();
    }
  }

  function begin() {
    for (const tools of all('[data-tools]')) tools.hidden = false;
    writeTimes();
    checkTold();
    watchCharts();
    fetch(location.href, { method: 'HEAD', cache: 'no-store' })
      .then(learnTime, () => undefined)
      .then(grey);
    if (document.visibilityState === 'visible') listen();
    setInterval(grey, 1_000);
    /* Some proxies hold a stream back: what is about to expire is asked for, whatever the stream says. */
    setInterval(() => document.visibilityState === 'visible' && isEnding() && renew(), 10_000);
    document.addEventListener('visibilitychange', attend);
    addEventListener('online', renew);
    document.addEventListener('click', (event) => {
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest('[data-theme-toggle]'))
        root.dataset.theme = kept('theme', isDark() ? 'light' : 'dark');
      if (target?.closest('[data-clock]')) {
        kept('clock', isLocal() ? 'utc' : 'local');
        writeTimes();
      }
      const link = target?.closest('[data-tell]');
      if (link) {
        event.preventDefault();
        tell(link);
      }
      if (!target?.closest('[data-search]')) one('[data-search-results]')?.setAttribute('hidden', '');
    });
    const box = one('[data-search] input');
    box?.addEventListener('input', () => search(box));
    box?.addEventListener('focus', () => import('/search.js'));
    document.addEventListener('keydown', (event) => {
      const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select');
      if (event.key === '/' && !isTyping && box) {
        event.preventDefault();
        box.focus();
      }
      if (event.key === 'Escape') one('[data-search-results]')?.setAttribute('hidden', '');
      if (event.target === box && (event.key === 'ArrowDown' || event.key === 'Enter')) {
        const first = one('[data-search-list] a');
        if (!first) return;
        event.preventDefault();
        if (event.key === 'Enter') location.href = first.href;
        else first.focus();
      }
    });
  }

  /* The first paint comes first: nothing of ours is needed for it. */
  if (document.visibilityState === 'visible') requestAnimationFrame(() => setTimeout(begin));
  else begin();
})();
