import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Why something that a person did was not done; nothing while it was. */
export function Failed({ error }: { error: Error | null }): ReactNode {
  const { t } = useTranslation();
  if (error === null) return null;
  return (
    <p className="field-error" role="alert">
      {t('error.general', { why: error.message })}
    </p>
  );
}
