'use client';

import { useEffect } from 'react';

/** Says when React has taken over the markup: before that, our own script must not rewrite anything in it. */
export function Ready() {
  useEffect(() => {
    document.documentElement.dataset.ready = '';
  }, []);
  return null;
}
