import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { PresentPerson } from '../../server/contracts/presence.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Name } from '../parts/Name.tsx';

interface PersonProps {
  readonly person: PresentPerson;
  /** The moment that ages are counted to; epoch ms. */
  readonly now: number;
}

/** A person inside: name, who that is, and how sure that is. */
export function Person({ person, now }: PersonProps): ReactNode {
  const { t } = useTranslation();
  const { name, kind, unit, ticket, escort, others } = person;
  return (
    <>
      <b>
        <Name>{name}</Name>
      </b>
      {others > 0 ? <strong> {t('presence.others', { count: others })}</strong> : null}
      <span className="person-who">
        {t(`personKind.${kind}`)}
        {unit === null ? null : <> · <Name>{unit}</Name></>}
        {escort === null ? null : <> · {t('presence.escort')}: <Name>{escort}</Name></>}
        {ticket === null ? null : <> · <Link to={`/akses/${ticket}`}>{t('presence.ticket')}</Link></>}
      </span>
      <Evidence person={person} now={now} />
    </>
  ); // prettier-ignore
}

/** What it is known from, and how long ago that was: an assumption must not look like a sighting. */
export function Evidence({ person, now }: PersonProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { evidence, sign, seenAt, until } = person;
  const age = format.age(Math.max(0, now - Date.parse(seenAt)));
  return (
    <span className={`evidence evidence--${evidence}`}>
      <em>{t(`presenceEvidence.${evidence}`)}</em>{' '}
      <span>
        {t(`presenceSign.${sign}`, { age })}
        {evidence === 'expired'
          ? ` · ${t('presence.until', { time: format.moment(Date.parse(until)) })}`
          : ''}
      </span>
    </span>
  );
}
