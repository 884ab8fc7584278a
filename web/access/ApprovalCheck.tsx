import { useQuery } from '@tanstack/react-query';
import { Ban, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { NearbyTest, TicketApproval } from '../../server/contracts/ticket-approval.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { approvalQuery } from './queries.ts';
import { refusalOf } from './refusal.ts';
import { Refused } from './Refused.tsx';
import { Name } from '../parts/Name.tsx';

/** What to know before the button: why it would be refused, what is open in its rooms, who else works there, load tests. */
export function ApprovalCheck({ ticket }: { ticket: string }): ReactNode {
  const { t } = useTranslation();
  const check = useQuery(approvalQuery(useApi(), ticket));
  if (check.data === undefined)
    return check.error === null ? <p className="note">{t('approval.checking')}</p> : <Refused error={check.error} />;
  return <Warnings check={check.data} />;
} // prettier-ignore

function Warnings({ check }: { check: TicketApproval }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const { refusal, incidents, permits, loadTests } = check;
  if (refusal === null && incidents.length + permits.length + loadTests.length === 0)
    return <p className="note">{t('approval.clear')}</p>;
  return (
    <section className="approval" aria-label={t('approval.title')}>
      {refusal === null ? null : (
        <p className="approval-refusal">
          <Ban aria-hidden="true" size="1.1em" /> <b>{t('approval.refused')}</b> {refusalOf(refusal, t)}
        </p>
      )}
      <Group name={t('approval.incidents', { count: incidents.length })} shown={incidents.length > 0}>
        {incidents.map((incident) => (
          <li key={incident.id}>
            <Link to={`/gangguan/${incident.id}`}>{incident.priority} <Name>{label(incident.title)}</Name></Link>
          </li>
        ))}
      </Group>
      <Group name={t('approval.permits', { count: permits.length })} shown={permits.length > 0}>
        {permits.map((permit) => <Permit key={permit.id} permit={permit} />)}
      </Group>
      <Group name={t('approval.loadTests')} shown={loadTests.length > 0}>
        {loadTests.map((test) => <li key={`${test.label} ${test.from}`}><TestLine test={test} /></li>)}
      </Group>
    </section>
  ); // prettier-ignore
}

function Group({ name, shown, children }: { name: string; shown: boolean; children: ReactNode }): ReactNode {
  if (!shown) return null;
  return (
    <div>
      <p>
        <TriangleAlert aria-hidden="true" size="1.1em" /> <b>{name}</b>
      </p>
      <ul className="plain">{children}</ul>
    </div>
  );
}

function Permit({ permit }: { permit: TicketApproval['permits'][number] }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const rooms = useSites().data?.flatMap((site) => site.rooms) ?? [];
  const named = permit.rooms.map((id) => {
    const room = rooms.find((each) => each.id === id);
    return room === undefined ? id : label(room.name);
  });
  const more = [
    t(`ticketState.${permit.state}`),
    `${format.moment(Date.parse(permit.from))} – ${format.moment(Date.parse(permit.to))}`,
    named.length === 0 ? t('ticket.wholeSite') : named.join(', '),
    ...(permit.takesOut.length === 0 ? [] : [`${t('work.takesOut')}: ${permit.takesOut.join(', ')}`]),
    ...(permit.suppresses === null ? [] : [t(`permitWork.${permit.suppresses}`)]),
  ];
  return (
    <li>
      <Link to={`/akses/${permit.id}`}>
        <Name>{permit.activity}</Name>
      </Link>{' '}
      <small>{more.join(' · ')}</small>
    </li>
  );
}

/** A genset run, a planned test, or the day by which the next test is due. */
export function TestLine({ test }: { test: NearbyTest }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { id, label, from, to } = test;
  if (label === 'planned')
    return t('accessTest.planned', {
      from: format.moment(Date.parse(from)),
      to: format.clock(Date.parse(to)),
    });
  if (id === null) return t('accessTest.due', { time: format.moment(Date.parse(from)) });
  return (
    <Link to={`/uji-beban/${id}`}>
      {t(`accessTest.${label}`)} {format.moment(Date.parse(from))} – {format.clock(Date.parse(to))}
    </Link>
  );
}
