import styles from './demo-strip.module.css';

interface DemoStripProps {
  sentence: string;
  links: { text: string; path: string }[];
  buttons: { text: string; path: string }[];
}

/** On every page of the demo: that it is one, and what can be broken. Works without a script. */
export function DemoStrip({ sentence, links, buttons }: DemoStripProps) {
  return (
    <aside className={styles.strip} aria-label={sentence}>
      <p>
        <strong>{sentence}</strong>{' '}
        {links.map((link) => (
          <a key={link.path} href={link.path}>
            {link.text}
          </a>
        ))}
      </p>
      <div>
        {buttons.map((button) => (
          <form key={button.path} method="post" action={button.path}>
            <button type="submit">{button.text}</button>
          </form>
        ))}
      </div>
    </aside>
  );
}
