'use client';

import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react';

interface Props {
  className: string | undefined;
  label: string;
  children: ReactNode;
}

/** Drawn when it comes into view, or is printed: on a phone nobody waits for charts far below. */
export function WhenSeen({ className, label, children }: Props) {
  const place = useRef<HTMLElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const show = () => setSeen(true);
    const { current } = place;
    if (!current || !('IntersectionObserver' in window)) return show();
    const observer = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && show(), {
      rootMargin: '100px',
    });
    observer.observe(current);
    addEventListener('beforeprint', show);
    return () => {
      observer.disconnect();
      removeEventListener('beforeprint', show);
    };
  }, []);
  return (
    <section ref={place} className={className} aria-label={label}>
      {isSeen && <Suspense fallback={null}>{children}</Suspense>}
    </section>
  );
}
