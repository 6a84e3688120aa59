/* "Try it" on the API page: asks the real address with what was filled in, and shows the answer. */
document.addEventListener('submit', async (event) => {
  const form = event.target;
  const pattern = form.dataset?.try;
  if (!pattern) return;
  event.preventDefault();
  const query = new URLSearchParams();
  let path = pattern;
  for (const input of form.querySelectorAll('input')) {
    if (input.value === '') continue;
    if (input.dataset.in === 'path') path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else query.set(input.name, input.value);
  }
  const output = form.querySelector('output');
  output.textContent = '…';
  try {
    const response = await fetch(query.size > 0 ? `${path}?${query}` : path);
    const text = await response.text();
    let body = text;
    try {
      body = JSON.stringify(JSON.parse(text), null, 2);
    } catch {}
    output.textContent = `${response.status}\n${body.slice(0, 20000)}`;
  } catch (error) {
    output.textContent = String(error);
  }
});
