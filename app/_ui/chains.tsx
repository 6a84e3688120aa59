import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { ChainLine, ChainStep } from '../_data/chain-line.ts';
import { Card } from './card.tsx';
import styles from './chains.module.css';
import { Mark } from './mark.tsx';
import { State } from './state.tsx';

export function Chains({ chains, words }: { chains: ChainLine[]; words: Words }) {
  if (chains.length === 0) return null;
  return (
    <Card title={words.chains.heading}>
      <ul className={styles.chains}>
        {chains.map((chain) => (
          <li key={chain.id}>
            <p className={styles.head}>
              <a href={localPath(words.lang, chain.path)}>{chain.id}</a>
              <State verdict={chain.verdict} words={words} />
              {chain.verdict !== 'unknown' && (
                <span className={styles.soft}>
                  {words.chains.usable(chain.usable, chain.steps.length)}
                  {chain.usable > 1 && words.comma + words.chains.independent(chain.independent)}
                </span>
              )}
            </p>
            <Steps steps={chain.steps} words={words} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Steps({ steps, words }: { steps: ChainStep[]; words: Words }) {
  return (
    <ol className={styles.steps}>
      {steps.map((step) => (
        <li key={step.path} className={step.isInUse ? styles.inUse : undefined}>
          <Mark verdict={step.verdict} label={words.state[step.verdict]} />
          <a href={localPath(words.lang, step.path)}>
            {step.model}
            <span className={styles.soft}>
              {' '}
              {step.gateway} · {step.provider || words.chains.anyProvider}
            </span>
          </a>
          {step.isInUse && <span className={styles.badge}>{words.chains.inUse}</span>}
        </li>
      ))}
    </ol>
  );
}
