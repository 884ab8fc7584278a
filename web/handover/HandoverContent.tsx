import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { HandoverContent as Content } from '../../server/contracts/handover.ts';
import { useSites } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { Name } from '../parts/Name.tsx';

type Incidents = Content['open'];
type Hidden = Content['shelved'];

/** What the note fills itself with. */
export function HandoverContent({ content }: { content: Content }): ReactNode {
  const { t } = useTranslation();
  const siteName = useSiteName();
  const format = useFormat();
  const window = ({ from, to }: { from: string; to: string }): string =>
    `${format.moment(Date.parse(from))} – ${format.moment(Date.parse(to))}`;
  return (
    <>
      <Incidents title={t('handover.open')} list={content.open} />
      <HiddenAlarms title={t('handover.shelved')} list={content.shelved} />
      <HiddenAlarms title={t('handover.outOfService')} list={content.outOfService} />
      <HiddenAlarms title={t('handover.suppressed')} list={content.suppressed} />
      <Part title={t('handover.works')} total={content.works.total}>
        {content.works.items.map((work) => (
          <li key={work.id}>
            <b>{t(`handover.${work.state}`)}</b> {siteName(work.site)} {work.room ?? ''} · {window(work)} ·{' '}
            <span dir="auto"><Name>{work.reason}</Name></span>
          </li>
        ))}
      </Part>
      <Part title={t('handover.tickets')} total={content.tickets.total}>
        {content.tickets.items.map((ticket) => (
          <li key={ticket.id}>
            <Link to={`/akses/${ticket.id}`}>
              {siteName(ticket.site)} · <Name>{ticket.unit}</Name>
            </Link>{' '}
            · {window(ticket)} · <span dir="auto"><Name>{ticket.activity}</Name></span>
          </li>
        ))}
      </Part>
      <Incidents title={t('handover.opened')} list={content.opened} />
      <Incidents title={t('handover.returned')} list={content.returned} />
      <section className="panel">
        <h2>{t('handover.done')}</h2>
        <p>{t('handover.alarms', { count: content.counts.raised, acknowledged: content.counts.acknowledged, shelved: content.counts.shelved, out: content.counts.outOfService })}</p>
        <p>{t('handover.pages', { count: content.counts.pagesSent, failed: content.counts.pagesFailed })}</p>
      </section>
    </>
  );
} // prettier-ignore

/** A kind of thing; "none" is said, since silence could also mean that nobody looked. */
function Part({ title, total, children }: { title: string; total: number; children: readonly ReactNode[] }): ReactNode {
  const { t } = useTranslation();
  const more = total - children.length;
  return (
    <section className="panel handover-part">
      <h2>
        {title} <small>{total}</small>
      </h2>
      {total === 0 ? <p className="note">{t('handover.none')}</p> : null}
      <ul className="plain">{children}</ul>
      {more > 0 ? <p className="note">{t('handover.more', { count: more })}</p> : null}
    </section>
  );
} // prettier-ignore

function Incidents({ title, list }: { title: string; list: Incidents }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const siteName = useSiteName();
  return (
    <Part title={title} total={list.total}>
      {list.items.map((each) => (
        <li key={each.id}>
          <Link to={`/gangguan/${each.id}`}>
            <SeverityMark priority={each.priority} /> {siteName(each.site)} · <Name>{label(each.title)}</Name>
          </Link>{' '}
          <small>
            {format.moment(Date.parse(each.openedAt))}
            {each.returnedAt === null ? '' : ` – ${format.moment(Date.parse(each.returnedAt))}`}
            {' · '}
            {each.acknowledgedBy === null
              ? t('handover.unacknowledged')
              : t('handover.acknowledgedBy', { who: each.acknowledgedBy })}
          </small>
        </li>
      ))}
    </Part>
  );
}

function HiddenAlarms({ title, list }: { title: string; list: Hidden }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const siteName = useSiteName();
  return (
    <Part title={title} total={list.total}>
      {list.items.map((alarm) => (
        <li key={alarm.id}>
          <b><Name>{label(alarm.name)}</Name></b> <Name>{alarm.ownerName === undefined ? alarm.owner : label(alarm.ownerName)}</Name>, {siteName(alarm.site)}
          {alarm.until === null ? '' : ` · ${t('roster.until', { time: format.moment(Date.parse(alarm.until)) })}`}
          {alarm.reason === null ? null : <> · <span dir="auto"><Name>{alarm.reason}</Name></span></>}
          {alarm.actor === null ? null : <small> (<Name>{alarm.actor}</Name>)</small>}
        </li>
      ))}
    </Part>
  );
} // prettier-ignore

function useSiteName(): (site: string) => string {
  const sites = useSites().data ?? [];
  return (site) => sites.find(({ id }) => id === site)?.name ?? site;
}
