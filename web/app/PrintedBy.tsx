import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/FormatContext.tsx';
import { Name } from '../parts/Name.tsx';
import { useSession } from './session.tsx';

/** On paper only: when it was printed, and by whom. A sheet without that is worth nothing as a record. */
export function PrintedBy({ now }: { now: number }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { user } = useSession().now;
  return (
    <p className="printed-by">
      {t('page.printed', { time: format.moment(now) })}
      {user === null ? null : (
        <>
          {' '}
          · <Name>{user.user}</Name>
        </>
      )}
    </p>
  );
}
