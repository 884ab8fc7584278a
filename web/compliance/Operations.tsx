import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { percentText } from '../../domain/wording/compliance.ts';
import type { SiteOperations } from '../../server/contracts/operations.ts';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { recentMonths } from './months.ts';
import { operationsQuery } from './queries.ts';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Name } from '../parts/Name.tsx';

/** Incidents with their SLA, availability, PUE and fuel of a month, as they are now. */
export function Operations(): ReactNode {
  const { t } = useTranslation();
  const [months] = useState(() => recentMonths(Date.now()));
  const [month, setMonth] = useState(months[0] ?? '');
  const operations = useQuery(operationsQuery(useApi(), month));
  return (
    <section className="panel">
      <h2>{t('compliance.operations')}</h2>
      <div className="compliance-filter">
        <label className="field">
          {t('compliance.month')}
          <select value={month} onChange={(event) => { setMonth(event.target.value); }}>
            {months.map((each) => <option key={each} value={each}>{each}</option>)}
          </select>
        </label>
      </div>
      <Failed error={operations.error} />
      {operations.isPending ? <output className="note">{t('compliance.measuring')}</output> : null}
      {operations.data === undefined ? null : (
        <TableFrame label={t('compliance.operations')}>
          <table className="table table--stacked">
            <thead>
              <tr>
                <th scope="col">{t('compliance.site')}</th>
                <th scope="col">{t('compliance.incidents')}</th>
                <th scope="col">{t('compliance.resolve')}</th>
                <th scope="col">{t('compliance.availability')}</th>
                <th scope="col">PUE</th>
                <th scope="col">{t('compliance.fuel')}</th>
              </tr>
            </thead>
            <tbody>
              {operations.data.sites.map((site) => <Site key={site.site} site={site} />)}
            </tbody>
          </table>
        </TableFrame>
      )}
      <p className="note">{t('compliance.operationsExplained')}</p>
    </section>
  );
} // prettier-ignore

function Site({ site }: { site: SiteOperations }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { availability, energy, fuel, priorities } = site;
  const counted = priorities.filter(({ count }) => count > 0);
  const litres = (value: number | null): string => (value === null ? '–' : format.quantity(value, 'L'));
  const span = (value: number | null): string => (value === null ? '–' : format.duration(value));
  return (
    <tr>
      <th scope="row"><Name>{site.siteName}</Name></th>
      <td data-label={t('compliance.incidents')}>
        {counted.length === 0 ? t('compliance.noIncidents') : null}
        {counted.map((each) => (
          <div key={each.priority}>{t('compliance.sla', { ...each })}</div>
        ))}
      </td>
      <td data-label={t('compliance.resolve')}>
        {counted.map(({ priority, acknowledge, resolve }) => (
          <div key={priority}>
            {priority}: {span(acknowledge.median)} / {span(resolve.median)}, p90 {span(acknowledge.p90)} / {span(resolve.p90)}
          </div>
        ))}
      </td>
      <td data-label={t('compliance.availability')}>
        {availability.supplied === null ? t('compliance.notMeasured') : percentText(availability.supplied, format.language)}
        <small>{t('compliance.measured', { share: percentText(availability.coverage, format.language) })}</small>
      </td>
      <td data-label="PUE">
        {energy.pue === null ? t('compliance.notMeasured') : format.number(energy.pue, 2)}
        {energy.category === null ? null : <small>{t('compliance.category', { category: energy.category })}</small>}
      </td>
      <td data-label={t('compliance.fuel')}>
        {litres(fuel.usedLitres)}
        <small>{t('compliance.stock', { litres: litres(fuel.endLitres) })}</small>
      </td>
    </tr>
  );
} // prettier-ignore
