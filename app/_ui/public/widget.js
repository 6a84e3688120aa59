/* One line in any page: <script src="https://…/widget.js" data-scope="gateway:openrouter" async></script> */
(() => {
  const script = document.currentScript;
  if (!script) return;
  const frame = document.createElement('iframe');
  const address = new URL('/embed/status', script.src);
  for (const name of ['scope', 'theme'])
    if (script.dataset[name]) address.searchParams.set(name, script.dataset[name]);
  frame.src = address.href;
  frame.title = script.dataset.title ?? 'Status';
  frame.loading = 'lazy';
  frame.style.cssText = 'border:0;width:100%;max-width:28rem;height:8.5rem;color-scheme:normal';
  script.after(frame);
})();
