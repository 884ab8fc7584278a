import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteFiguresView } from '../../server/contracts/alarm-figures.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Name } from '../parts/Name.tsx';

/** What the figures of one site rest on: days, priorities, floods, who acknowledged, false alarms. */
export function SiteDetails({ site }: { site: SiteFiguresView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const { falseAlarms } = site;
  const priorities = Object.entries(site.priorities).filter(([, count]) => count > 0);
  return (
    <details className="panel alarm-figures-site">
      <summary>
        {t('alarmFigures.details', { site: site.name })}{' '}
        <small>{t('alarmFigures.annunciated', { count: site.annunciated })}</small>
      </summary>
      <Days days={site.perDay} />
      <dl className="facts">
        <div>
          <dt>{t('alarmFigures.peak')}</dt>
          <dd>{site.peak === null ? '–' : `${site.peak.count} · ${format.moment(Date.parse(site.peak.at))}`}</dd>
        </div>
        <div>
          <dt>{t('alarmFigures.standing')}</dt>
          <dd>{site.standing}</dd>
        </div>
        <div>
          <dt>{t('alarmFigures.falseAlarms')}</dt>
          <dd>{t('alarmFigures.ofIncidents', { marked: falseAlarms.marked, incidents: falseAlarms.incidents })}</dd>
        </div>
        {priorities.map(([priority, count]) => (
          <div key={priority}>
            <dt>{priority === 'unknown' ? t('alarmFigures.noRule') : priority}</dt>
            <dd>{format.number(count, 0)}</dd>
          </div>
        ))}
      </dl>
      <h3>{t('alarmFigures.floods', { count: site.floodCount })}</h3>
      {site.floods.length === 0 ? <p className="note">{t('alarmFigures.noFloods')}</p> : null}
      <ul className="plain">
        {site.floods.map((flood) => (
          <li key={flood.from}>
            <b>{format.moment(Date.parse(flood.from))}</b> {format.duration(Date.parse(flood.to) - Date.parse(flood.from))}
            <small>{t('alarmFigures.annunciated', { count: flood.alarms })}</small>
          </li>
        ))}
      </ul>
      {site.operators.length === 0 ? null : (
        <>
          <h3>{t('alarmFigures.operators')}</h3>
          <ul className="plain">
            {site.operators.map((each) => (
              <li key={each.actor}>
                <b dir="auto"><Name>{each.actor}</Name></b> {t('alarmFigures.acknowledged', { count: each.acknowledged })}
                <small>{t('alarmFigures.meanTime', { time: format.duration(each.meanMs) })}</small>
              </li>
            ))}
          </ul>
        </>
      )}
      {falseAlarms.byRule.length === 0 ? null : (
        <>
          <h3>{t('alarmFigures.falseByRule')}</h3>
          <ul className="plain">
            {falseAlarms.byRule.map((each) => (
              <li key={each.rule}>
                <b>{each.marked}</b> <Name>{label(each.name)}</Name>
              </li>
            ))}
          </ul>
        </>
      )}
    </details>
  ); // prettier-ignore
}

/** Annunciations per day as bars; read out as a table's caption would be. */
function Days({ days }: { days: SiteFiguresView['perDay'] }): ReactNode {
  const { t } = useTranslation();
  const most = Math.max(1, ...days.map(({ count }) => count));
  if (days.length === 0) return null;
  return (
    <figure className="alarm-figures-days">
      <figcaption>{t('alarmFigures.perDay', { count: most })}</figcaption>
      <ol>
        {days.map(({ day, count }) => (
          <li key={day} title={`${day}: ${count}`}>
            <span style={{ blockSize: `${(count / most) * 100}%` }} />
            <span className="hidden">{`${day}: ${count}`}</span>
          </li>
        ))}
      </ol>
    </figure>
  );
}
