import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoleView, MissedView } from '../../server/contracts/on-call.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { proofQuery } from './queries.ts';
import './roster.css';

/** Reasons named for one hole; a missing channel makes one for everybody. */
const mostReasons = 6;

/** Whether every page of the next 30 days would reach somebody, and if not: when, where and why. */
export function Proof(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const proof = useQuery(proofQuery(useApi())).data;
  if (proof === undefined) return null;
  const { holes, assumed, instants } = proof;
  return (
    <section className={holes.length === 0 ? 'panel' : 'panel roster-problem'} data-testid="roster-proof">
      <h2>{t('proof.title')}</h2>
      <p>{holes.length === 0 ? t('proof.whole') : t('proof.holes', { count: holes.length })}</p>
      {holes.length === 0 ? null : (
        <ul className="roster-holes">
          {holes.map((hole) => (
            <HoleRow key={`${hole.site} ${hole.priority} ${hole.from}`} hole={hole} end={proof.to} />
          ))}
        </ul>
      )}
      {assumed ? <p className="note">{t('proof.assumed')}</p> : null}
      <p className="note">
        {t('proof.checked', { time: format.moment(Date.parse(proof.checkedAt)), count: instants })}
      </p>
    </section>
  );
}

function HoleRow({ hole, end }: { hole: HoleView; end: string }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const site = useSites().data?.find(({ id }) => id === hole.site)?.name ?? hole.site;
  const from = format.moment(Date.parse(hole.from));
  const more = hole.reasons.length - mostReasons;
  return (
    <li>
      <b>
        {hole.priority} · {site}
      </b>
      <span>
        {hole.to === end
          ? t('proof.from', { time: from })
          : `${from} – ${format.moment(Date.parse(hole.to))}`}
      </span>
      <span>{t(`proof.${hole.kind}`)}</span>
      <ul className="plain">
        {hole.reasons.slice(0, mostReasons).map((reason) => (
          <li key={JSON.stringify(reason)}>
            <Reason reason={reason} />
          </li>
        ))}
        {more > 0 ? <li>{t('proof.more', { count: more })}</li> : null}
      </ul>
    </li>
  );
}

function Reason({ reason: { target, name, why, obstacles } }: { reason: MissedView }): ReactNode {
  const { t } = useTranslation();
  if (why === 'off') return t('proof.off', { who: name ?? target });
  if (why === 'nobody') return t('proof.empty', { target });
  const text = obstacles.map((each) => `${t(`channel.${each.channel}`)}: ${t(`obstacle.${each.why}`)}`);
  return `${name ?? target} – ${text.join('; ')}`;
}
