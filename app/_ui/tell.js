/* "Tell me when it is over": a notification from this tab. What it waits for is kept as long as the tab is. */
const one = (selector) => document.querySelector(selector);
const told = () => JSON.parse(sessionStorage.getItem('told') ?? '[]');
const keep = (list) => sessionStorage.setItem('told', JSON.stringify(list));
const linkOf = (id) => one(`[data-tell="${CSS.escape(id)}"]`);

export async function tell(link) {
  if (!('Notification' in window) || (await Notification.requestPermission()) !== 'granted') {
    location.href = link.href;
    return;
  }
  const { tell: id } = link.dataset;
  const title = link.closest('[data-incident]')?.dataset.incident ?? document.title;
  keep([...told().filter((t) => t.id !== id), { id, title }]);
  markTold();
}

function markTold() {
  for (const { id } of told()) {
    const link = linkOf(id);
    if (link) link.textContent = link.dataset.tellDone;
  }
}

/** After each renewal: an incident this page does not offer to tell of may be over, or only not on this page. */
export async function checkTold() {
  markTold();
  for (const { id, title } of told().filter((t) => !linkOf(t.id))) {
    const status = await statusOf(id);
    if (status === 'open') continue;
    if (!told().some((t) => t.id === id)) continue;
    keep(told().filter((t) => t.id !== id));
    if (status !== 'unknown') say(title);
  }
}

/** What cannot be asked just now is still open to us; what is no longer known to anybody is dropped without a word. */
async function statusOf(id) {
  try {
    const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(id)}`);
    if (answer.status === 404) return 'unknown';
    return answer.ok ? (await answer.json()).status : 'open';
  } catch {
    return 'open';
  }
}

function say(title) {
  const over = one('main')?.dataset.tells ?? '✓';
  try {
    new Notification(over, { body: title });
  } catch {
    /* Some phones show notifications of service workers only: the tab's own title has to do. */
    document.title = `${over}: ${title}`;
  }
}
