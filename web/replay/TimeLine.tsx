import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Span } from '../../domain/past.ts';
import { severityOf } from '../../domain/severity.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';

interface TimeLineProps {
  readonly range: Span;
  readonly at: number;
  readonly incidents: readonly IncidentSummary[];
  readonly onSeek: (at: number) => void;
}

/** The time that can be reached with one hand: a slider, and above it a bar for every incident. */
export function TimeLine({ range, at, incidents, onSeek }: TimeLineProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => range.from + share * (range.to - range.from));
  return (
    <section className="replay-line" aria-label={t('replay.line')}>
      <div className="replay-marks">
        {incidents.map((incident) => (
          <button
            key={incident.id}
            type="button"
            className={`replay-mark sev-${severityOf(incident.priority)}`}
            style={placeOf(incident, range)}
            title={`${incident.priority} ${label(incident.title)}`}
            aria-label={`${incident.priority} ${label(incident.title)}, ${format.moment(Date.parse(incident.openedAt))}`}
            tabIndex={-1}
            onClick={() => {
              onSeek(Date.parse(incident.openedAt));
            }}
          />
        ))}
      </div>
      <input
        type="range"
        aria-label={t('replay.moment')}
        aria-valuetext={`${format.date(at)} ${format.time(at)} WIB`}
        min={range.from}
        max={range.to}
        step={1_000}
        value={at}
        onChange={(event) => {
          onSeek(Number(event.target.value));
        }}
      />
      <div className="replay-ticks" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick}>{format.moment(tick)}</span>
        ))}
      </div>
    </section>
  );
}

/** From its beginning to its end, as a part of the line; at least wide enough to be hit. */
function placeOf(
  { openedAt, resolvedAt }: Pick<IncidentSummary, 'openedAt' | 'resolvedAt'>,
  range: Span,
): CSSProperties {
  const share = (time: number): number =>
    Math.min(1, Math.max(0, (time - range.from) / (range.to - range.from)));
  const begin = share(Date.parse(openedAt));
  const end = resolvedAt === null ? 1 : share(Date.parse(resolvedAt));
  return { left: `${begin * 100}%`, width: `max(0.5rem, ${(end - begin) * 100}%)` };
}
