import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentView } from '../../server/contracts/incidents.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { byHand, consequencesOf, type Consequence } from './explain.ts';
import { Name } from '../parts/Name.tsx';

/** The cause first, then what follows from it and why it belongs here, then what people put together by hand. */
export function Causes({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const consequences = consequencesOf(incident.alarms);
  const first = incident.alarms.find((alarm) => alarm.firstOut);
  return (
    <section className="panel causes">
      <h2>{t('cause.title')}</h2>
      {incident.mergedInto === null ? null : (
        <p>
          <Link to={`/gangguan/${incident.mergedInto}`}>{t('cause.mergedInto')}</Link>
        </p>
      )}
      <ul className="plain">
        {incident.causes.map((cause) => (
          <li key={`${cause.node} ${cause.effect ?? ''}`}>
            <b>
              <Name>{label(cause.name)}</Name>
            </b>{' '}
            {cause.inferred ? <small>{t('cause.inferred')}</small> : null}
          </li>
        ))}
      </ul>
      {first === undefined ? null : (
        <p className="cause-first">
          {t('cause.first', {
            what: label(first.name),
            where: label(first.ownerName),
            time: format.time(Date.parse(first.since)),
          })}
        </p>
      )}
      {consequences.length === 0 ? null : (
        <>
          <h3>{t('cause.consequences')}</h3>
          <ul className="plain">
            {consequences.map((each) => (
              <Follows key={`${each.rule} ${each.through} ${each.cause?.en ?? ''}`} consequence={each} />
            ))}
          </ul>
        </>
      )}
      <ByPeople incident={incident} />
    </section>
  );
}

/** Owners that are named; of more only the number. */
const namedOwners = 4;

function Follows({ consequence }: { consequence: Consequence }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const { name, count, active, owners, through, cause, path } = consequence;
  const others = owners.length - namedOwners;
  return (
    <li>
      <b>{count}×</b> <Name>{label(name)}</Name>{' '}
      <span className="cause-where">
        {owners.slice(0, namedOwners).map(label).join(', ')}
        {others > 0 ? ` ${t('cause.others', { count: others })}` : ''}
      </span>
      <small className="cause-why">
        {t(`because.${through}`, { cause: cause === null ? '' : label(cause) })}
        {path.length > 2 ? ` (${path.map(label).join(' ← ')})` : ''}
        {active < count ? ` · ${t('cause.over', { count: count - active })}` : ''}
      </small>
    </li>
  );
}

function ByPeople({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const list = byHand(incident.timeline);
  if (list.length === 0) return null;
  return (
    <>
      <h3>{t('cause.byHand')}</h3>
      <ul className="plain">
        {list.map(({ kind, at, actor, reason, incident: other }) => (
          <li key={`${at} ${kind} ${other}`}>
            <Link to={`/gangguan/${other}`}>{t(`byHand.${kind}`)}</Link>: <q dir="auto">{reason}</q>{' '}
            <small>
              <Name>{actor}</Name>, {format.moment(Date.parse(at))}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}
