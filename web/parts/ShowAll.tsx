import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/FormatContext.tsx';

interface ShowAllProps {
  readonly shown: number;
  readonly count: number;
  readonly onAll: () => void;
}

/** After the first part of a list: shows the rest. Nobody can press it on paper, which says how much of the list it has. */
export function ShowAll({ shown, count, onAll }: ShowAllProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (shown >= count) return null;
  const [part, whole] = [format.number(shown, 0), format.number(count, 0)];
  return (
    <>
      <button type="button" className="button" onClick={onAll}>
        {t('showAll.button')} ({whole})
      </button>
      <p className="on-paper">{t('showAll.printed', { shown: part, count: whole })}</p>
    </>
  );
}
