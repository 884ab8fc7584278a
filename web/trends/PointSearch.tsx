import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/queries.ts';
import { unitText } from '../../domain/format/format.ts';
import { Failed } from '../parts/Failed.tsx';
import { usePointName, useSearchedNames } from './names.ts';
import { searchQuery } from './queries.ts';
import { searchText } from './search.ts';
import { mostPoints } from './view.ts';

/** From the last letter to the search, ms. */
const restMs = 250;

/** Finds points by words of site, room, device and quantity, and adds them to the chart. */
export function PointSearch({
  shown,
  onAdd,
}: {
  shown: readonly string[];
  onAdd: (id: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => {
      setAsked(typed.trim());
    }, restMs);
    return () => {
      clearTimeout(timer);
    };
  }, [typed]);
  const names = useSearchedNames();
  const nameOf = usePointName();
  const found = useQuery(searchQuery(useApi(), searchText(asked, names)));
  const isFull = shown.length >= mostPoints;
  return (
    <search className="trend-search" aria-label={t('trend.add')}>
      <input
        className="input"
        type="search"
        aria-label={t('trend.search')}
        placeholder={t('trend.search')}
        value={typed}
        maxLength={200}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
      />
      {isFull ? <p className="note">{t('trend.full', { count: mostPoints })}</p> : null}
      <Failed error={found.error} />
      {typed.trim() === '' || found.data === undefined ? null : (
        <>
          {found.data.items.length === 0 ? <p className="note">{t('trend.noResult')}</p> : null}
          <ul className="trend-found" data-testid="found">
            {found.data.items.map((point) => (
              <li key={point.id}>
                <button
                  type="button"
                  disabled={isFull || shown.includes(point.id)}
                  onClick={() => {
                    onAdd(point.id);
                  }}
                >
                  <Plus aria-hidden="true" size="1em" />
                  <span>{nameOf(point)}</span>
                  <small>
                    {[unitText(point.unit), point.room]
                      .filter((one) => one !== null && one !== '')
                      .join(' · ')}
                  </small>
                </button>
              </li>
            ))}
          </ul>
          {found.data.next === null ? null : <p className="note">{t('trend.more')}</p>}
        </>
      )}
    </search>
  );
}
