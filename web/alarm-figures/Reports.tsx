import { useQuery } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { monthName, monthStart } from './period.ts';
import { reportsQuery } from './queries.ts';

const languages = ['id', 'en'] as const;

/** The printed report of each month; one that is not written down yet is made as things are now. */
export function Reports({ now }: { now: number }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const reports = useQuery(reportsQuery(useApi())).data;
  const made = reports?.items ?? [];
  const current = [0, -1]
    .map((months) => monthName(monthStart(now, months)))
    .filter((month) => made.every((each) => each.month !== month));
  return (
    <section className="panel">
      <h2>{t('alarmFigures.reports')}</h2>
      <p className="note">{t('alarmFigures.reportsExplained')}</p>
      {reports?.problem === null || reports === undefined ? null : (
        <p className="field-error" role="alert">{t('alarmFigures.reportProblem', { why: reports.problem })}</p>
      )}
      <ul className="plain alarm-figures-reports">
        {current.map((month) => (
          <li key={month}>
            <b>{month}</b> <span>{t('alarmFigures.provisional')}</span> <Links month={month} />
          </li>
        ))}
        {made.map(({ month, madeAt }) => (
          <li key={month}>
            <b>{month}</b> <span>{t('alarmFigures.madeAt', { time: format.moment(Date.parse(madeAt)) })}</span> <Links month={month} />
          </li>
        ))}
      </ul>
    </section>
  ); // prettier-ignore
}

function Links({ month }: { month: string }): ReactNode {
  const { t } = useTranslation();
  return languages.map((language) => (
    <a key={language} className="button" href={`/api/v1/alarm-reports/${month}/pdf?language=${language}`} download>
      <FileText aria-hidden="true" size="1em" /> {t(`alarmReport.${language}`)}
      <span className="hidden"> {month}</span>
    </a>
  )); // prettier-ignore
}
