import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { HandoverSummary, SignatureView } from '../../server/contracts/handover.ts';
import { useApi } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { handoversQuery } from './queries.ts';
import { Earlier } from '../parts/Earlier.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';
import './handover.css';

/** Every shift and whether its handover is signed, latest first. */
export function HandoversPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.handover'));
  const list = useInfiniteQuery(handoversQuery(useApi()));
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="handover">
      <header className="page-head">
        <h1>{t('page.handover')}</h1>
      </header>
      <Failed error={list.error} />
      {list.isSuccess && rows.length === 0 ? <p className="note">{t('handover.noShifts')}</p> : null}
      <ul className="handover-list">
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      <Earlier list={list} label={t('handover.earlier')} />
    </div>
  ); // prettier-ignore
}

function Row({ row }: { row: HandoverSummary }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  return (
    <li>
      <Link to={`/serah-terima/${row.id}`} className="panel handover-row">
        <b>
          <Name>{label(row.name)}</Name> · {format.moment(Date.parse(row.from))}–
          {format.clock(Date.parse(row.to))}
        </b>
        <span>
          {row.team}: {row.members.map(({ name }) => name).join(', ')}
        </span>
        <span className={row.late ? 'handover-late' : ''}>
          {t(`handover.${row.state}`)}
          {row.late ? ` · ${t('handover.late')}` : ''}
        </span>
        <small>
          {[row.outgoing, row.incoming]
            .filter((signature): signature is SignatureView => signature !== null)
            .map(({ name, at }) => `${name} ${format.moment(Date.parse(at))}`)
            .join(' → ')}
        </small>
      </Link>
    </li>
  );
}
