import { Check, CircleHelp, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { complianceVerdictText, percentText } from '../../domain/wording/compliance.ts';
import type { ComplianceVerdict, TimeShare, WorstCase } from '../../server/contracts/compliance.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { aroundMoment } from './months.ts';

const marks = { holds: Check, fails: X, 'not-proven': CircleHelp };

/** A sign and words, never a colour alone. */
export function Verdict({ verdict }: { verdict: ComplianceVerdict }): ReactNode {
  const { language } = useFormat();
  const Mark = marks[verdict];
  return (
    <span className={`compliance-verdict compliance-verdict--${verdict}`}>
      <Mark aria-hidden="true" size="1.1em" /> {complianceVerdictText(verdict, language)}
    </span>
  );
}

export function Share({ share }: { share: TimeShare }): ReactNode {
  const { t } = useTranslation();
  const { language } = useFormat();
  return (
    <span className="compliance-share">
      <b>{share.held === null ? '–' : percentText(share.held, language)}</b>
      <small>{t('compliance.measured', { share: percentText(share.coverage, language) })}</small>
    </span>
  );
}

/** What it was and when, leading to the curve of that moment. */
export function Worst({ worst }: { worst: WorstCase | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (worst === null) return '–';
  const value = worst.unit === 'state' ? t('compliance.wrongState') : format.quantity(worst.value, worst.unit);
  return (
    <Link to={aroundMoment(worst.point, worst.at)} className={worst.isBroken ? 'compliance-broken' : undefined}>
      {worst.thing[format.language]}: {value}, {format.moment(Date.parse(worst.at))}
    </Link>
  );
} // prettier-ignore
