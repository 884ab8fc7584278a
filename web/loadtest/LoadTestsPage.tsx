import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { loadTestTexts } from '../../domain/wording/load-test.ts';
import type { LoadTestDueView, LoadTestSummary } from '../../server/contracts/load-tests.ts';
import { useApi } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Earlier } from '../parts/Earlier.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Plans } from './Plans.tsx';
import { dueQuery, runsQuery, useSiteName } from './queries.ts';
import { Trends } from './Trends.tsx';
import { Verdict } from './Verdict.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import './loadtest.css';

/** When each site was tested and is to be tested next, and every genset run on record. */
export function LoadTestsPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.loadTests'));
  const due = useQuery(dueQuery(useApi()));
  return (
    <div className="loadtest">
      <header className="page-head">
        <h1>{t('page.loadTests')}</h1>
        <p className="note">{t('loadTest.explained')}</p>
      </header>
      <Failed error={due.error} />
      <section aria-label={t('loadTest.due')} className="loadtest-sites">
        {(due.data?.items ?? []).map((each) => (
          <SiteCard key={each.site} due={each} />
        ))}
      </section>
      <Plans />
      <Runs />
      <Trends />
    </div>
  );
}

function SiteCard({ due }: { due: LoadTestDueView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const siteName = useSiteName();
  const { last, daysSince, dueBy, daysLeft } = due;
  const isOverdue = daysLeft !== null && daysLeft <= 0;
  return (
    <div className="panel" data-testid="load-test-due">
      <h2>{siteName(due.site)}</h2>
      <dl className="facts">
        <div>
          <dt>{due.clause}</dt>
          <dd>
            {due.everyMonths === 1
              ? t('loadTest.monthly')
              : t('loadTest.everyMonths', { months: due.everyMonths })}
          </dd>
        </div>
        <div>
          <dt>{t('loadTest.last')}</dt>
          <dd>
            {last === null ? (
              t('loadTest.noTest')
            ) : (
              <>
                <Link to={`/uji-beban/${last.id}`}>{format.date(Date.parse(last.at))}</Link>{' '}
                {daysSince === 0 ? t('loadTest.today') : t('loadTest.daysSince', { days: daysSince })}{' '}
                <Verdict verdict={last.verdict} />
              </>
            )}
          </dd>
        </div>
        {dueBy === null || daysLeft === null ? null : (
          <div>
            <dt>{t('loadTest.next')}</dt>
            <dd>
              {format.date(Date.parse(dueBy) - 1)}{' '}
              <span className={isOverdue ? 'loadtest-overdue' : ''}>
                {isOverdue
                  ? t('loadTest.overdue', { days: 1 - daysLeft })
                  : t('loadTest.daysLeft', { days: daysLeft })}
              </span>
            </dd>
          </div>
        )}
        <div>
          <dt>{t('loadTestPlan.planned')}</dt>
          <dd>
            {due.nextPlan === null
              ? t('loadTestPlan.notPlanned')
              : format.moment(Date.parse(due.nextPlan.from))}
          </dd>
        </div>
      </dl>
    </div>
  );
}

function Runs(): ReactNode {
  const { t } = useTranslation();
  const list = useInfiniteQuery(runsQuery(useApi()));
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const { language } = useFormat();
  const { words } = loadTestTexts[language];
  return (
    <section className="panel">
      <h2>{t('loadTest.runs')}</h2>
      <Failed error={list.error} />
      {list.isSuccess && rows.length === 0 ? <p className="note">{t('loadTest.none')}</p> : null}
      {rows.length === 0 ? null : (
        <TableFrame label={t('loadTest.runs')}>
          <table className="table table--stacked" data-testid="load-tests">
            <thead>
              <tr>
                <th scope="col">{words.from}</th>
                <th scope="col">{words.site}</th>
                <th scope="col">{words.kind}</th>
                <th scope="col">{t('loadTest.length')}</th>
                <th scope="col">{words.result}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.id} row={row} />
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <Earlier list={list} label={t('loadTest.earlier')} />
    </section>
  );
}

function Row({ row }: { row: LoadTestSummary }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const siteName = useSiteName();
  const { words, labels, reasons } = loadTestTexts[format.language];
  const from = Date.parse(row.from);
  return (
    <tr>
      <th scope="row">
        <Link to={`/uji-beban/${row.id}`}>
          {format.date(from)} {format.clock(from)}
        </Link>
      </th>
      <td data-label={words.site}>{siteName(row.site)}</td>
      <td data-label={words.kind}>
        {labels[row.label]} <small>{reasons[row.why] ?? row.why}</small>
      </td>
      <td data-label={t('loadTest.length')}>{format.duration(Date.parse(row.to) - from)}</td>
      <td data-label={words.result}>
        <Verdict verdict={row.verdict} />
      </td>
    </tr>
  );
}
