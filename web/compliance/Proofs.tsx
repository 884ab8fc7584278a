import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { percentText } from '../../domain/wording/compliance.ts';
import type { ComplianceProofView, ComplianceView } from '../../server/contracts/compliance.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Share, Verdict, Worst } from './parts.tsx';
import { Name } from '../parts/Name.tsx';

/** How a row is proven: each proof with its source, halls, and the things that broke the rule or were measured too little. */
export function Proofs({ view, row }: { view: ComplianceView; row: string }): ReactNode {
  return (
    <div className="compliance-proof-list">
      {view.proofs
        .filter((proof) => proof.row === row)
        .map((proof) => (
          <Proof key={proof.proof} proof={proof} />
        ))}
    </div>
  );
}

function Proof({ proof }: { proof: ComplianceProofView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <section className="compliance-proof">
      <h3>
        <Name>{label(proof.name)}</Name> <small>{t(`complianceBy.${proof.by}`)}</small>
      </h3>
      <p>
        <Verdict verdict={proof.verdict} /> <Name>{label(proof.reason)}</Name>
        {proof.decides ? null : <small> {t('compliance.informs')}</small>}
      </p>
      {proof.now === null ? null : (
        <p>
          {t('compliance.now')}: <Verdict verdict={proof.now.verdict} /> <Name>{label(proof.now.reason)}</Name>
        </p>
      )}
      {proof.source === null ? null : <p className="note">{t('compliance.source', { source: proof.source })}</p>}
      {proof.rooms.length === 0 ? null : <Rooms proof={proof} />}
      {proof.notable.length === 0 ? null : <Notable proof={proof} />}
    </section>
  );
} // prettier-ignore

function Rooms({ proof }: { proof: ComplianceProofView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <ul className="plain compliance-rooms">
      {proof.rooms.map((room) => (
        <li key={room.room}>
          <b>
            <Name>{label(room.name)}</Name>
          </b>{' '}
          <small>{t('compliance.things', { count: room.things })}</small>
          <Share share={room.share} />
          <Worst worst={room.worst} />
        </li>
      ))}
    </ul>
  );
}

function Notable({ proof }: { proof: ComplianceProofView }): ReactNode {
  const { t } = useTranslation();
  const { language } = useFormat();
  return (
    <table className="table table--stacked">
      <caption>{t('compliance.notable')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('compliance.thing')}</th>
          <th scope="col">{t('compliance.share')}</th>
          <th scope="col">{t('compliance.outside')}</th>
          <th scope="col">{t('compliance.worst')}</th>
        </tr>
      </thead>
      <tbody>
        {proof.notable.map((each) => (
          <tr key={each.point}>
            <th scope="row">
              {each.thing[language]}
              {each.isFrozen ? <small> {t('compliance.frozen')}</small> : null}
            </th>
            <td data-label={t('compliance.share')}>
              <Share share={each.share} />
            </td>
            <td data-label={t('compliance.outside')}>
              {each.share.held === null ? '–' : percentText(Math.min(100, each.below + each.above), language)}
            </td>
            <td data-label={t('compliance.worst')}>
              <Worst worst={each.worst} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
