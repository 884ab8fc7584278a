import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useApi, useSites } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { useLive } from '../live/hooks.tsx';
import { Failed } from '../parts/Failed.tsx';
import { dayFindingsQuery } from './queries.ts';
import { TableFrame } from '../parts/TableFrame.tsx';

/** What was found wrong about entries in the last day: what, where, by which ticket, and its clause. */
export function Findings({ site }: { site: string | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const live = useLive();
  const sites = useSites().data ?? [];
  const findings = useQuery(dayFindingsQuery(useApi(), () => live.now()));
  const shown = (findings.data ?? []).filter((finding) => site === null || finding.site === site);
  function place(id: string, room: string | null): string {
    const of = sites.find((one) => one.id === id);
    const known = of?.rooms.find((one) => one.id === room);
    return [of?.name ?? id, known === undefined ? room : label(known.name)].filter(Boolean).join(' · ');
  }
  return (
    <section className="panel">
      <h2>{t('presence.findings')} <small>{findings.data === undefined ? '' : shown.length}</small></h2>
      <Failed error={findings.error} />
      {findings.data !== undefined && shown.length === 0 ? <p className="note">{t('presence.noFindings')}</p> : null}
      {shown.length === 0 ? null : (
        <TableFrame label={t('presence.findings')}>
          <table className="table table--stacked">
            <thead>
              <tr>
                <th scope="col">{t('presence.finding')}</th>
                <th scope="col">{t('presence.place')}</th>
                <th scope="col">{t('presence.when')}</th>
                <th scope="col">{t('presence.state')}</th>
                <th scope="col">{t('presence.ticketTitle')}</th>
                <th scope="col">{t('incident.clause')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((finding) => (
                <tr key={finding.id} className={finding.state === 'live' ? 'finding--live' : ''}>
                  <th scope="row">{t(`entryFinding.${finding.kind}`)}</th>
                  <td data-label={t('presence.place')}>{place(finding.site, finding.room)}</td>
                  <td data-label={t('presence.when')}>{format.moment(Date.parse(finding.at))}</td>
                  <td data-label={t('presence.state')}>{t(`findingState.${finding.state}`)}</td>
                  <td data-label={t('presence.ticketTitle')}>
                    {finding.ticket === null ? '–' : <Link className="link" to={`/akses/${finding.ticket}`}>{t('presence.open')}</Link>}
                  </td>
                  <td data-label={t('incident.clause')}>{finding.clause}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  ); // prettier-ignore
}
