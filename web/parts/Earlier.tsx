import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface EarlierProps {
  readonly list: {
    readonly hasNextPage: boolean;
    readonly isFetching: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  /** On the button. */
  readonly label: string;
}

/** After a list that is read page by page, newest first. Nobody can press it on paper, which says that the rest is missing. */
export function Earlier({ list, label }: EarlierProps): ReactNode {
  const { t } = useTranslation();
  if (!list.hasNextPage) return null;
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={list.isFetching}
        onClick={() => void list.fetchNextPage()}
      >
        {label}
      </button>
      <p className="on-paper">{t('showAll.earlier')}</p>
    </>
  );
}
