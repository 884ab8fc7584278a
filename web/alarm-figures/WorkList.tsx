import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { pointOfAlarm } from '../../core/alarm-key.ts';
import { adviceText, kindText, workStateText } from '../../domain/wording/alarm-figures.ts';
import type { AlarmFiguresView, BadActorView } from '../../server/contracts/alarm-figures.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { workQuery } from './queries.ts';
import { WorkForm } from './WorkForm.tsx';
import { Name } from '../parts/Name.tsx';
import { ShowAll } from '../parts/ShowAll.tsx';

const shownFirst = 20;

/** Alarms that make the figures bad, each with what would help and who does it. */
export function WorkList({ view }: { view: AlarmFiguresView }): ReactNode {
  const { t } = useTranslation();
  const [every, setEvery] = useState(false);
  const { actors, badActors } = view;
  const shown = every ? actors : actors.slice(0, shownFirst);
  return (
    <section className="panel">
      <h2>
        {t('alarmFigures.work')} <small>{badActors}</small>
      </h2>
      {actors.length === 0 ? <p className="note">{t('alarmFigures.noWork')}</p> : null}
      <ol className="alarm-work-list">
        {shown.map((actor) => (
          <Actor key={actor.alarm} actor={actor} />
        ))}
      </ol>
      <ShowAll shown={shown.length} count={actors.length} onAll={() => { setEvery(true); }} />
      {every && actors.length < badActors ? <p className="note">{t('alarmFigures.workMore', { count: badActors - actors.length })}</p> : null}
    </section>
  ); // prettier-ignore
}

function Actor({ actor }: { actor: BadActorView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const may = useMay('operator');
  const [open, setOpen] = useState(false);
  const { language } = format;
  const { work } = actor;
  return (
    <li className="alarm-work">
      <div className="alarm-work-what">
        <b><Name>{label(actor.name)}</Name></b> <code>{pointOfAlarm(actor.alarm)}</code>
        <p>{adviceText(actor, language)}</p>
        <p className="alarm-work-kinds">
          {actor.kinds.map((kind) => (
            <span key={kind} className="alarm-work-kind">{kindText(kind, language)}</span>
          ))}
        </p>
      </div>
      <dl className="alarm-work-counts">
        <div><dt>{t('alarmFigures.times')}</dt><dd>{format.number(actor.annunciated, 0)} <small>{format.number(actor.share, 1)} %</small></dd></div>
        {actor.standingDays > 0 ? <div><dt>{t('alarmFigures.standingDays')}</dt><dd>{actor.standingDays}</dd></div> : null}
        {actor.falseAlarms > 0 ? <div><dt>{t('alarmFigures.falseAlarms')}</dt><dd>{actor.falseAlarms}</dd></div> : null}
        <div><dt>{t('alarmFigures.last')}</dt><dd>{actor.lastAt === null ? '–' : format.moment(Date.parse(actor.lastAt))}</dd></div>
      </dl>
      <div className="alarm-work-state">
        <b>{workStateText(work?.state ?? 'open', language)}</b>
        {work?.assignee === null || work === null ? null : <span dir="auto"> · {work.assignee}</span>}
        {actor.recurred ? <p className="alarm-work-recurred">{t('alarmFigures.recurred')}</p> : null}
        {work?.note === null || work === null ? null : <q dir="auto"><Name>{work.note}</Name></q>}
      </div>
      <button type="button" className="button" aria-expanded={open} onClick={() => { setOpen(!open); }}>
        {t(may ? 'alarmFigures.handle' : 'alarmFigures.history')}
      </button>
      {open ? (
        <div className="alarm-work-more">
          {may ? <WorkForm actor={actor} done={() => { setOpen(false); }} /> : null}
          <Entries alarm={actor.alarm} />
        </div>
      ) : null}
    </li>
  ); // prettier-ignore
}

function Entries({ alarm }: { alarm: string }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const entries = useQuery(workQuery(useApi(), alarm)).data?.entries;
  if (entries === undefined) return null;
  if (entries.length === 0) return <p className="note">{t('alarmFigures.untouched')}</p>;
  return (
    <ul className="plain">
      {entries.map((entry) => (
        <li key={entry.at}>
          <b>{workStateText(entry.state, format.language)}</b> {entry.assignee ?? ''} <q dir="auto"><Name>{entry.note ?? ''}</Name></q>
          <small>{`${format.moment(Date.parse(entry.at))} · ${entry.actor}`}</small>
        </li>
      ))}
    </ul>
  ); // prettier-ignore
}
