import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { detailOf, whyKey } from '../api/why.ts';

/** Why something was not done or not read: in the page's language, with the server's own words beside it. Nothing while there is no error. */
export function Failed({ error }: { error: Error | null }): ReactNode {
  const { t } = useTranslation();
  if (error === null) return null;
  const detail = detailOf(error);
  return (
    <p className="field-error" role="alert">
      {t(`error.${whyKey(error)}`)}
      {detail === null ? null : (
        <small className="field-detail" lang="en">
          {' '}
          {detail}
        </small>
      )}
    </p>
  );
}
