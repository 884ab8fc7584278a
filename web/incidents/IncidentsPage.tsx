import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { resolvedIncidentsQuery, useApi, useOpenIncidents } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { Choice } from '../parts/Choice.tsx';
import { AlarmLists } from './AlarmLists.tsx';
import { Filters } from './Filters.tsx';
import { IncidentRow } from './IncidentRow.tsx';
import { arrange, lists, readView, resolvedQuery, writeView, type ListView } from './list-view.ts';
import { OpenList } from './OpenList.tsx';
import { Failed } from '../parts/Failed.tsx';

/** What is open, what is over, and the alarms that no open incident shows; what is looked for is in the address. */
export function IncidentsPage(): ReactNode {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const view = readView(search);
  const searchBox = useRef<HTMLInputElement>(null);
  const change = (part: Partial<ListView>): void => {
    setSearch(writeView(search, { ...view, ...part }), { replace: true });
  };
  useTitle(t('page.incidents'));
  return (
    <div className="incidents">
      <header className="page-head">
        <h1>{t('page.incidents')}</h1>
        <Choice
          label={t('list.which')}
          options={lists.map((name) => ({ name, text: t(`listOf.${name}`) }))}
          chosen={view.list}
          onChoose={(list) => {
            change({ list });
          }}
        />
      </header>
      {view.list === 'alarm' ? (
        <AlarmLists />
      ) : (
        <>
          <Filters view={view} onChange={change} searchBox={searchBox} />
          {view.list === 'terbuka' ? (
            <Open search={search} searchBox={searchBox} />
          ) : (
            <Resolved query={resolvedQuery(view)} />
          )}
        </>
      )}
    </div>
  );
}

function Open({ search, searchBox }: { search: URLSearchParams; searchBox: Parameters<typeof OpenList>[0]['searchBox'] }): ReactNode {
  const { t } = useTranslation();
  const open = useOpenIncidents();
  // Typing stays fluent: the list follows when there is time.
  const wanted = useDeferredValue(search);
  const arranged = useMemo(() => arrange(open ?? [], readView(wanted)), [open, wanted]);
  if (open === undefined) return <p className="note">{t('incident.unknown')}</p>;
  return <OpenList incidents={arranged} total={open.length} searchBox={searchBox} />;
} // prettier-ignore

function Resolved({ query }: { query: string }): ReactNode {
  const { t } = useTranslation();
  const resolved = useQuery({
    ...resolvedIncidentsQuery(useApi(), useDeferredValue(query)),
    placeholderData: keepPreviousData,
  });
  return (
    <section className="panel">
      <h2>{t('incident.resolved')}</h2>
      <Failed error={resolved.error} />
      {resolved.data?.length === 0 ? <p className="note">{t('incident.noneResolved')}</p> : null}
      <ul className="incident-list">
        {resolved.data?.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
      </ul>
    </section>
  );
}
