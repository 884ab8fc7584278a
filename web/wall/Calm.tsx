import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { alarmCountsView } from '../../server/contracts/alarms.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { useApi } from '../api/queries.ts';
import { plantStatesQuery } from '../alarms/queries.ts';
import { dueQuery } from '../loadtest/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { signName } from './sign.ts';
import { useNow } from '../live/hooks.tsx';

/** The calm line: next load tests, and what is hidden from the list of alarms or under work. */
export function Calm({ sites }: { sites: readonly SiteView[] }): ReactNode {
  return (
    <p className="calm" data-testid="calm">
      <LoadTests sites={sites} />
      <Hidden />
      <Works />
    </p>
  );
}

function LoadTests({ sites }: { sites: readonly SiteView[] }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const due = useQuery(dueQuery(useApi())).data?.items ?? [];
  return due.map(({ site, dueBy, daysLeft, nextPlan }) => {
    const name = signName(sites.find(({ id }) => id === site) ?? { id: site, name: site });
    const isLate = daysLeft !== null && daysLeft <= 0;
    return (
      <span key={site} className={isLate ? 'status-problem' : ''}>
        {nextPlan !== null && !isLate
          ? t('calm.planned', { site: name, time: format.moment(Date.parse(nextPlan.from)) })
          : dueBy === null
          ? t('calm.noTest', { site: name })
          : // The end of a period is exclusive: its last day is what people name.
            t(isLate ? 'calm.testLate' : 'calm.test', { site: name, date: format.day(Date.parse(dueBy) - 1) })}
      </span>
    );
  }); // prettier-ignore
}

/** What is hidden is counted, so that a quiet list is not taken for a quiet plant. */
function Hidden(): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const counts = useQuery({
    queryKey: ['alarm-counts'],
    queryFn: () => api.get('alarm-counts', alarmCountsView),
    refetchInterval: 30_000,
  }).data;
  if (counts === undefined) return null;
  return (
    <>
      <span>{t('calm.shelved', { count: counts.shelved })}</span>
      <span>{t('calm.maintained', { count: counts.outOfService })}</span>
      {counts.suppressed === 0 ? null : <span>{t('calm.suppressed', { count: counts.suppressed })}</span>}
    </>
  );
}

/** Permits and load tests that go on now. */
function Works(): ReactNode {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const states = useQuery(plantStatesQuery(useApi())).data ?? [];
  const works = states.filter(({ from, endedAt }) => endedAt === null && Date.parse(from) <= now);
  return works.length === 0 ? null : <span>{t('calm.works', { count: works.length })}</span>;
}
