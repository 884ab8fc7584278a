import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { loadTestTexts } from '../../domain/wording/load-test.ts';
import { loadTestProof, type LoadTestProof } from '../../server/contracts/load-test-document.ts';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { PublicFrame } from '../parts/PublicFrame.tsx';
import { Verdict } from './Verdict.tsx';
import './loadtest.css';

/** What the QR code of a printed report opens, for anybody and without a sign-in: whether it is the one on record. */
export function VerifyPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '', revision = '1' } = useParams();
  const api = useApi();
  const proof = useQuery({
    queryKey: ['verify', id, revision],
    queryFn: () => api.get(`verify/load-tests/${encodeURIComponent(id)}/${encodeURIComponent(revision)}`, loadTestProof),
    retry: 1,
  }); // prettier-ignore
  return (
    <PublicFrame title={t('loadTestVerify.title')}>
      <h1>{t('loadTestVerify.title')}</h1>
      {proof.data === undefined ? (
        <p className="note" role={proof.isError ? 'alert' : undefined}>
          {proof.isError ? t('loadTestVerify.unknown') : t('page.loading')}
        </p>
      ) : (
        <Proof proof={proof.data} />
      )}
    </PublicFrame>
  );
}

function Proof({ proof }: { proof: LoadTestProof }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { words, labels, forms } = loadTestTexts[format.language];
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Id', <code key="id" className="loadtest-hash">{proof.id}</code>],
    [words.site, proof.siteName],
    [words.from, format.moment(Date.parse(proof.from))],
    [words.kind, labels[proof.label]],
    [words.result, <Verdict key="verdict" verdict={proof.verdict} />],
    [words.revision, String(proof.revision)],
    [words.hash, <code key="hash" className="loadtest-hash">{proof.sha256}</code>],
    [words.documentHash, proof.documentSha256 === null ? '–' : <code key="document" className="loadtest-hash">{proof.documentSha256}</code>],
  ]; // prettier-ignore
  return (
    <>
      {proof.isSimulated ? <p className="loadtest-overdue">{t('loadTestVerify.simulated')}</p> : null}
      <output className={proof.state === 'damaged' ? 'loadtest-overdue' : 'loadtest-verdict'} data-testid="proof">
        {t(`loadTestVerify.${proof.state}`)}
      </output>
      {proof.latestRevision > proof.revision ? (
        <p className="loadtest-overdue">{t('loadTestVerify.newer', { revision: proof.latestRevision })}</p>
      ) : null}
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h2>{words.signatures}</h2>
      {proof.signatures.length === 0 ? <p className="note">{words.unsigned}</p> : null}
      {proof.signatures.length > 0 ? <p className="note">{words.masked}</p> : null}
      <ul className="plain">
        {proof.signatures.map(({ form, signedBy, signedAt }) => (
          <li key={`${form} ${signedBy}`}>
            {words.signedBy
              .replace('{name}', signedBy)
              .replace('{at}', format.moment(Date.parse(signedAt)))
              .replace('{form}', forms[form])}
          </li>
        ))}
      </ul>
    </>
  ); // prettier-ignore
}
