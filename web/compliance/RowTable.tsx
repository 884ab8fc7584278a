import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ComplianceRowView, ComplianceView } from '../../server/contracts/compliance.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Share, Verdict, Worst } from './parts.tsx';
import { Proofs } from './Proofs.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Name } from '../parts/Name.tsx';

/** Every row of BAB IV; one that is opened shows how it is proven. */
export function RowTable({ view }: { view: ComplianceView }): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (row: string): void => {
    const next = new Set(open);
    if (!next.delete(row)) next.add(row);
    setOpen(next);
  };
  return (
    <section className="panel">
      <h2>{t('compliance.rows')}</h2>
      <TableFrame label={t('compliance.rows')}>
        <table className="table table--stacked compliance-table">
          <thead>
            <tr>
              <th scope="col">{t('compliance.clause')}</th>
              <th scope="col">{t('compliance.rule')}</th>
              {view.isOver ? null : <th scope="col">{t('compliance.now')}</th>}
              <th scope="col">{t('compliance.month')}</th>
              <th scope="col">{t('compliance.share')}</th>
              <th scope="col">{t('compliance.worst')}</th>
            </tr>
          </thead>
          {view.items.map((row) => (
            <Row
              key={row.row}
              view={view}
              row={row}
              isOpen={open.has(row.row)}
              onToggle={() => {
                toggle(row.row);
              }}
            />
          ))}
        </table>
      </TableFrame>
    </section>
  );
}

function Row({
  view,
  row,
  isOpen,
  onToggle,
}: {
  view: ComplianceView;
  row: ComplianceRowView;
  isOpen: boolean;
  onToggle: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const columns = view.isOver ? 5 : 6;
  return (
    <tbody>
      <tr>
        <td data-label={t('compliance.clause')}>{row.clause}</td>
        {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- its text is inside Name */}
        <th scope="row">
          <button
            type="button"
            className="compliance-open"
            aria-expanded={isOpen}
            aria-controls={`bukti-${row.row}`}
            onClick={onToggle}
          >
            <Name>{label(row.name)}</Name>
          </button>
          <span className="compliance-rule">
            <Name>{label(row.rule)}</Name>
          </span>
        </th>
        {view.isOver ? null : (
          <td data-label={t('compliance.now')}>
            <Now row={row} />
          </td>
        )}
        <td data-label={t('compliance.month')}>
          <Verdict verdict={row.verdict} />
          <small>
            <Name>{label(row.reason)}</Name>
          </small>
        </td>
        <td data-label={t('compliance.share')}>
          <Share share={row.share} />
        </td>
        <td data-label={t('compliance.worst')}>
          <Worst worst={row.worst} />
        </td>
      </tr>
      <tr id={`bukti-${row.row}`} hidden={!isOpen} className="compliance-proofs">
        <td colSpan={columns}>{isOpen ? <Proofs view={view} row={row.row} /> : null}</td>
      </tr>
    </tbody>
  );
}

function Now({ row: { now } }: { row: ComplianceRowView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  if (now === null) return <small>{t('compliance.notJudged')}</small>;
  return (
    <>
      <Verdict verdict={now.verdict} />
      {now.since === null ? null : (
        <small>{t('compliance.since', { time: format.moment(Date.parse(now.since)) })}</small>
      )}
      <small>
        <Name>{label(now.reason)}</Name>
      </small>
    </>
  );
}
