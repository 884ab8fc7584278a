import { useQuery } from '@tanstack/react-query';
import { Check, CircleHelp, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/queries.ts';
import { Failed } from '../parts/Failed.tsx';
import { entryProofQuery, type EntryProof as Proof } from './queries.ts';

const marks = { included: Check, 'not-included': X, unchecked: CircleHelp, missing: X, unsigned: CircleHelp };

/** Whether one entry is in the log that was signed, with the numbers that show it. */
export function EntryProof({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const proof = useQuery(entryProofQuery(useApi(), id));
  if (proof.data === undefined)
    return proof.error === null ? (
      <p aria-live="polite">{t('audit.checking')}</p>
    ) : (
      <Failed error={proof.error} />
    );
  return <Shown proof={proof.data} />;
}

function Shown({ proof }: { proof: Proof }): ReactNode {
  const { t } = useTranslation();
  const Mark = marks[proof.state];
  return (
    <div className="audit-proof" aria-live="polite">
      <p className={`audit-verdict audit-verdict--${proof.state}`}>
        <Mark aria-hidden="true" size="1.1em" /> {t(`auditProof.${proof.state}`)}
      </p>
      {proof.state === 'missing' || proof.state === 'unsigned' ? null : (
        <dl className="facts">
          <div><dt>{t('audit.sequence')}</dt><dd>{proof.sequence}</dd></div>
          <div><dt>{t('audit.leaf')}</dt><dd><code>{proof.leaf}</code></dd></div>
          <div><dt>{t('audit.root', { size: proof.checkpoint.size })}</dt><dd><code>{proof.checkpoint.root}</code></dd></div>
          <div><dt>{t('audit.hashes')}</dt><dd><a href={proof.file} download={`bukti-${proof.sequence}.json`}>{t('audit.file', { count: proof.hashes.length })}</a></dd></div>
        </dl>
      )}
    </div>
  ); // prettier-ignore
}
