import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { DemoStrip } from './demo-strip.tsx';

test('the strip says that it is a demo, and its buttons work without a script', () => {
  const html = renderToStaticMarkup(
    <DemoStrip
      sentence="DEMO: made up <here>"
      links={[{ text: 'Mailbox', path: '/demo/mailbox' }]}
      buttons={[{ text: 'A provider fails', path: '/demo/strike/provider' }]}
    />,
  );
  expect(html).toContain('DEMO: made up &lt;here&gt;');
  expect(html).toContain('href="/demo/mailbox"');
  expect(html).toContain('method="post"');
  expect(html).toContain('action="/demo/strike/provider"');
  expect(html).toContain('<button type="submit">A provider fails</button>');
});
