import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mistakeKey } from './field-error.ts';

interface FieldErrorProps {
  readonly path: string;
  /** As react-hook-form holds it; `type` is the code of the mistake. */
  readonly error: { readonly type?: string | number } | undefined;
  readonly id?: string;
}

/** What to correct in a field, in the page's language; nothing while the field is right. */
export function FieldError({ path, error, id }: FieldErrorProps): ReactNode {
  const { t } = useTranslation();
  if (error === undefined) return null;
  return (
    <span className="field-error" id={id}>
      {t(mistakeKey(path, String(error.type)))}
    </span>
  );
}
