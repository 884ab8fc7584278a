import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/FormatContext.tsx';
import { useOutbox } from './useOutbox.ts';
import { Name } from '../parts/Name.tsx';
import './outbox.css';

/** Notes of this incident that are not with the server yet: nobody must believe that others can read them. */
export function WaitingNotes({ incident }: { incident: string }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { waiting, outbox } = useOutbox();
  const mine = waiting.filter((note) => note.incident === incident);
  if (mine.length === 0) return null;
  return (
    <output>
      <ul className="waiting-notes" data-testid="waiting-notes">
        {mine.map(({ id, text, at, problem }) => (
          <li key={id}>
            <b>{problem === null ? t('outbox.waiting') : t('outbox.refused', { why: problem })}</b>
            <span>
              {format.moment(at)} · <Name>{text}</Name>
            </span>
            <button
              type="button"
              className="button"
              onClick={() => {
                outbox.remove(id);
              }}
            >
              {t('outbox.drop')}
            </button>
          </li>
        ))}
      </ul>
    </output>
  );
}
