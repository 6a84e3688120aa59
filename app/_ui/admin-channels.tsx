import type { Words } from '#lib/words/words.ts';
import type { AdminView } from '../_data/admin.ts';
import styles from './admin.module.css';
import { Card } from './card.tsx';
import form from './form.module.css';
import { Instant } from './instant.tsx';
import { ScrollTable } from './scroll-table.tsx';

interface Props {
  view: AdminView;
  words: Words;
}

export function AdminChannels({ view, words }: Props) {
  const w = words.admin;
  return (
    <>
      <Card title={w.receivers} note={w.waiting(view.pending.due, view.pending.dead)}>
        {view.receivers.length === 0 && <p className={styles.soft}>{w.noReceivers}</p>}
        {view.receivers.map((receiver) => (
          <Row key={receiver.id} receiver={receiver} words={words} />
        ))}
      </Card>
      <Card title={w.deliveries}>
        {view.deliveries.length === 0 ? (
          <p className={styles.soft}>{w.noDeliveries}</p>
        ) : (
          <ScrollTable label={w.deliveries}>
            <tbody>
              {view.deliveries.map((line) => (
                <tr key={`${line.deliveryId}${line.atMs}${line.what}${line.receiverId}`}>
                  <td>
                    <Instant atMs={line.atMs} form="full" lang={words.lang} />
                  </td>
                  <td className={line.what === 'dead' ? styles.bad : undefined}>{w.what[line.what]}</td>
                  <td>{line.receiverId}</td>
                  <td>{words.delivered(line.text)}</td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
        )}
      </Card>
    </>
  );
}

function Row({ receiver, words }: { receiver: AdminView['receivers'][number]; words: Words }) {
  const w = words.admin;
  const action = `/admin/receivers/${encodeURIComponent(receiver.id)}`;
  return (
    <div className={styles.row}>
      <div className={styles.line}>
        <strong>{receiver.channel}</strong>
        <span>{receiver.id}</span>
        <span className={styles.soft}>{receiver.origin}</span>
        <span className={styles.soft}>{receiver.scope.join(', ')}</span>
        {receiver.isMutedUntilMs !== null && (
          <span className={styles.soft}>
            {w.mutedUntil} <Instant atMs={receiver.isMutedUntilMs} lang={words.lang} />
          </span>
        )}
      </div>
      <div className={styles.line}>
        <form action={action} method="post">
          <button type="submit" name="do" value="test" className={form.plain}>
            {w.test}
          </button>
        </form>
        <form action={action} method="post">
          <input type="number" name="hours" min={1} max={168} defaultValue={2} aria-label={w.muteHours} />
          <button
            type="submit"
            name="do"
            value={receiver.isMutedUntilMs === null ? 'mute' : 'unmute'}
            className={form.plain}
          >
            {receiver.isMutedUntilMs === null ? w.mute : w.unmute}
          </button>
        </form>
      </div>
    </div>
  );
}
