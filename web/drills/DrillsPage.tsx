import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Play, Square } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../app/title.ts';
import { z } from 'zod';
import { drillNames, type DrillInput } from '../../server/contracts/system.ts';
import { drillsQuery, useApi, useSites } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';
import './drills.css';

/** Starts and stops the simulator's scenarios; the server has this only while the field is simulated. */
export function DrillsPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.drills'));
  const format = useFormat();
  const api = useApi();
  const queries = useQueryClient();
  const may = useMay('operator');
  const sites = useSites().data ?? [];
  const running = useQuery(drillsQuery(api)).data ?? [];
  const change = useMutation({
    mutationFn: (body: DrillInput) => api.send('POST', 'drills', { body, schema: z.unknown() }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['drills'] }),
  });
  return (
    <div>
      <header className="page-head">
        <h1>{t('page.drills')}</h1>
        <p className="note">{t('drill.explained')}</p>
      </header>
      <Failed error={change.error} />
      <div className="drills">
        {sites.map((site) => (
          <section key={site.id} className="panel">
            <h2><Name>{site.name}</Name></h2>
            <ul className="plain">
              {drillNames.map((name) => {
                const drill = running.find((one) => one.name === name && one.site === site.id);
                const action = drill === undefined ? 'start' : 'stop';
                return (
                  <li key={name} className={drill === undefined ? 'drill' : 'drill drill--running'}>
                    <span>
                      <b>{t(`drill.${name}`)}</b>
                      <small>{t(`drillHappens.${name}`)}</small>
                      {drill === undefined ? null : <small>{t('drill.since', { time: format.time(Date.parse(drill.startedAt)) })}</small>}
                    </span>
                    <button
                      type="button"
                      className="button"
                      disabled={!may || change.isPending}
                      data-testid={`drill-${site.id}-${name}`}
                      onClick={() => { change.mutate({ name, site: site.id, action }); }}
                    >
                      {drill === undefined ? <Play aria-hidden="true" size="1em" /> : <Square aria-hidden="true" size="1em" />}
                      {t(`drill.${action}`)}
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
    </div>
  ); // prettier-ignore
}
