import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { UsageView } from '../../server/contracts/capacity.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Name } from '../parts/Name.tsx';

/** Used and free of the site, its feeds and halls; rows on request. */
export function Headroom({ usage }: { usage: readonly UsageView[] }): ReactNode {
  const { t } = useTranslation();
  const rows = usage.filter(({ kind }) => kind === 'row');
  return (
    <section className="panel">
      <h2>{t('capacity.headroom')}</h2>
      <UsageTable usage={usage.filter(({ kind }) => kind !== 'row')} />
      {rows.length === 0 ? null : (
        <details className="capacity-rows">
          <summary>{t('capacity.rows')}</summary>
          <UsageTable usage={rows} />
        </details>
      )}
    </section>
  );
}

function UsageTable({ usage }: { usage: readonly UsageView[] }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const kw = (value: number | null): string =>
    value === null ? t('capacity.unknown') : format.quantity(value, 'kW');
  return (
    <TableFrame label={t('capacity.headroom')}>
      <table className="table table--stacked">
        <thead>
          <tr>
            {(['place', 'racks', 'used', 'limit', 'free', 'stranded'] as const).map((column) => (
              <th key={column} scope="col" className={column === 'place' ? undefined : 'number'}>
                {t(`capacity.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {usage.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <Name>{row.name === null ? row.key : label(row.name)}</Name>
              </th>
              <td className="number" data-label={t('capacity.racks')}>
                {row.racks === null
                  ? '–'
                  : t('capacity.usedOf', { used: row.racks.used, all: row.racks.all })}
              </td>
              <td className="number" data-label={t('capacity.used')}>
                {kw(row.usedKw)} <Share used={row.usedKw} limit={row.limitKw} />
              </td>
              <td className="number" data-label={t('capacity.limit')}>
                {kw(row.limitKw)}
              </td>
              <td className="number" data-label={t('capacity.free')}>
                {kw(row.freeKw)}
              </td>
              <td className="number" data-label={t('capacity.stranded')}>
                {row.kind === 'feed' || row.kind === 'row' ? '–' : kw(row.strandedKw)}
                {row.strandedBy === null ? null : <small> {t(`capacity.by-${row.strandedBy}`)}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** A bar with its percentage in words: no colour alone. */
function Share({ used, limit }: { used: number | null; limit: number | null }): ReactNode {
  const format = useFormat();
  if (used === null || limit === null || limit <= 0) return null;
  const share = used / limit;
  return (
    <span className={share > 0.8 ? 'capacity-share capacity-share--high' : 'capacity-share'}>
      <span aria-hidden="true" className="capacity-bar">
        <span style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
      {format.number(share * 100, 0)} %
    </span>
  );
}
