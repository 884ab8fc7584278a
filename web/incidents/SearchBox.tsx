import { useEffect, useEffectEvent, useState, type ReactNode, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';

/** From the last letter to the search, ms: the address changes with it, and navigation is slower than typing. */
const restMs = 150;

interface SearchBoxProps {
  readonly box: RefObject<HTMLInputElement | null>;
  readonly text: string;
  readonly onSearch: (text: string) => void;
}

/** Holds what is typed until the typing rests. Give it a new `key` to empty it. */
export function SearchBox({ box, text, onSearch }: SearchBoxProps): ReactNode {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const search = useEffectEvent(onSearch);
  useEffect(() => {
    if (typed === null) return undefined;
    const timer = setTimeout(() => {
      search(typed);
    }, restMs);
    return () => {
      clearTimeout(timer);
    };
  }, [typed]);
  return (
    <input
      ref={box}
      className="input incident-search"
      type="search"
      aria-label={t('list.search')}
      aria-keyshortcuts="/"
      placeholder={t('list.search')}
      value={typed ?? text}
      maxLength={200}
      onChange={(event) => {
        setTyped(event.target.value);
      }}
    />
  );
}
