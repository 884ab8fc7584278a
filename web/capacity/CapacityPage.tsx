import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { CapacitySiteView } from '../../server/contracts/capacity.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Choice } from '../parts/Choice.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Failures } from './Failures.tsx';
import { Headroom } from './Headroom.tsx';
import { Predictions } from './Predictions.tsx';
import { Trends } from './Trends.tsx';
import { WhatIf } from './WhatIf.tsx';
import { capacityQuery } from './queries.ts';
import './capacity.css';

/** What is free, and what happens if something fails. Site and chosen failures are in the address. */
export function CapacityPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.capacity'));
  const [search, setSearch] = useSearchParams();
  const sites = useSites().data ?? [];
  const site = sites.find(({ id }) => id === search.get('situs'))?.id ?? sites[0]?.id ?? '';
  const capacity = useQuery({ ...capacityQuery(useApi(), site), enabled: site !== '' });
  const [view] = capacity.data?.items ?? [];
  const choose = (next: Readonly<Record<string, string>>): void => {
    setSearch(
      Object.fromEntries(Object.entries({ situs: site, ...next }).filter(([, value]) => value !== '')),
      {
        replace: true,
      },
    );
  };
  return (
    <div className="capacity">
      <header className="page-head">
        <h1>{t('page.capacity')}</h1>
        <p className="note">{t('capacity.explained')}</p>
      </header>
      <Choice
        label={t('capacity.site')}
        options={sites.map(({ id, name }) => ({ name: id, text: name }))}
        chosen={site}
        onChoose={(id) => {
          choose({ situs: id });
        }}
      />
      <Failed error={capacity.error} />
      {view === undefined || view.at === null ? (
        <output className="note">{t('capacity.computing')}</output>
      ) : (
        <>
          <Computed view={view} at={Date.parse(view.at)} />
          <Headroom usage={view.usage} />
          <Failures view={view} />
          <WhatIf
            elements={view.elements}
            maintained={search.get('pemeliharaan') ?? ''}
            failed={search.get('gagal') ?? ''}
            choose={choose}
          />
          <Trends site={site} />
          <Predictions site={site} />
        </>
      )}
    </div>
  );
}

/** When it was computed, and what was not known then. */
function Computed({ view, at }: { view: CapacitySiteView; at: number }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="capacity-computed">
      <p className="note">
        {t('capacity.computed', { time: format.time(at), pairs: format.number(view.pairs.all, 0) })}
      </p>
      {view.missingCount === 0 ? null : (
        <details>
          <summary>{t('capacity.missing', { n: format.number(view.missingCount, 0) })}</summary>
          <ul className="capacity-missing">
            {view.missing.map(({ id, name, reason }) => (
              <li key={id}>
                {name[format.language]} <code>{id}</code>{' '}
                {reason === null ? t('capacity.noRating') : t(`quality.${reason}`)}
              </li>
            ))}
          </ul>
        </details>
      )}
      {view.notJudged.length === 0 ? null : (
        <p className="note">
          {t('capacity.notJudged', {
            names: view.notJudged.map(({ name }) => name[format.language]).join(', '),
          })}
        </p>
      )}
      {view.breakers.assumed === 0 ? null : (
        <p className="note">
          {t('capacity.breakersAssumed', {
            n: format.number(view.breakers.assumed, 0),
            amps: view.breakers.assumedAmps.map((amps) => format.quantity(amps, 'A')).join(', '),
          })}
        </p>
      )}
      {view.breakers.unrated === 0 ? null : (
        <p className="note">
          {t('capacity.breakersUnrated', { n: format.number(view.breakers.unrated, 0) })}
        </p>
      )}
    </div>
  );
}
