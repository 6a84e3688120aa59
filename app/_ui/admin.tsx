import type { ReactNode } from 'react';
import type { Words } from '#lib/words/words.ts';
import { type AdminTab, type AdminView, adminTabs } from '../_data/admin.ts';
import styles from './admin.module.css';
import { AdminAccounts, AdminBudget } from './admin-budget.tsx';
import { AdminChannels } from './admin-channels.tsx';
import { AdminIncidents } from './admin-incidents.tsx';
import { AdminMaintenance } from './admin-maintenance.tsx';
import { AdminAudit, AdminConfig, AdminHealth, AdminTargets } from './admin-system.tsx';
import { Card } from './card.tsx';
import form from './form.module.css';
import { Main } from './main.tsx';

export interface AdminProps {
  view: AdminView;
  words: Words;
}

const parts: Record<AdminTab, (props: AdminProps) => ReactNode> = {
  incidents: AdminIncidents,
  maintenance: AdminMaintenance,
  channels: AdminChannels,
  budget: AdminBudget,
  accounts: AdminAccounts,
  targets: AdminTargets,
  config: AdminConfig,
  health: AdminHealth,
  audit: AdminAudit,
};

interface ShellProps extends AdminProps {
  said: { done: boolean; error: string | null };
}

export function Admin({ view, words, said }: ShellProps) {
  const Part = parts[view.tab];
  return (
    <Main>
      <header className={styles.head}>
        <h1>{words.admin.title}</h1>
        <form action="/admin/logout" method="post">
          <button type="submit" className={form.plain}>
            {words.admin.logout}
          </button>
        </form>
      </header>
      <nav className={styles.tabs} aria-label={words.admin.title}>
        {adminTabs.map((tab) => (
          <a
            key={tab}
            href={tab === 'incidents' ? '/admin' : `/admin/${tab}`}
            aria-current={tab === view.tab ? 'page' : undefined}
          >
            {words.admin.tabs[tab]}
          </a>
        ))}
      </nav>
      {said.done && <p role="status">{words.admin.done}</p>}
      {said.error && (
        <p role="alert">
          {words.admin.failed} {said.error}
        </p>
      )}
      <Part view={view} words={words} />
    </Main>
  );
}

export function Login({ words, hasFailed }: { words: Words; hasFailed: boolean }) {
  const w = words.admin;
  return (
    <Main isNarrow>
      <h1 className={styles.head}>{w.login}</h1>
      <Card>
        <form className={form.form} action="/admin/login" method="post">
          {hasFailed && <p role="alert">{w.loginFailed}</p>}
          <label>
            {w.token}
            <input type="password" name="token" required autoComplete="current-password" maxLength={300} />
          </label>
          <p className={form.hint}>{w.tokenHint}</p>
          <button type="submit" className={form.button}>
            {w.login}
          </button>
        </form>
      </Card>
    </Main>
  );
}
