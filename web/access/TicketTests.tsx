import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/queries.ts';
import { TestLine } from './ApprovalCheck.tsx';
import { approvalQuery } from './queries.ts';

/** Genset runs while the ticket lasts, and a test that is due then. */
export function TicketTests({ ticket }: { ticket: string }): ReactNode {
  const { t } = useTranslation();
  const tests = useQuery(approvalQuery(useApi(), ticket)).data?.loadTests ?? [];
  if (tests.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t('approval.loadTests')}</h2>
      <ul className="plain">
        {tests.map((test) => (
          <li key={`${test.label} ${test.from}`}>
            <TestLine test={test} />
          </li>
        ))}
      </ul>
    </section>
  );
}
