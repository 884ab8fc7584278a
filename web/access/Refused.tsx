import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { refusalText } from './refusal.ts';

/** Why something that a person did was not done; nothing while it was. */
export function Refused({ error }: { error: Error | null }): ReactNode {
  const { t } = useTranslation();
  if (error === null) return null;
  return (
    <p className="field-error" role="alert">
      {refusalText(error, t)}
    </p>
  );
}
