import { Pause, Play, SkipBack, SkipForward } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { nextStart, spans, speeds, type SpanName, type Speed } from '../../domain/past.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { Choice } from '../parts/Choice.tsx';
import { fromWibField, wibField } from '../trends/view.ts';

interface ControlsProps {
  readonly at: number;
  /** Null: it stands still. */
  readonly speed: Speed | null;
  readonly span: SpanName;
  readonly incidents: readonly IncidentSummary[];
  readonly onSeek: (at: number) => void;
  readonly onSpeed: (speed: Speed | null) => void;
  readonly onSpan: (span: SpanName) => void;
}

const spanNames: readonly SpanName[] = ['1h', '24h', '7d'];

/** How time runs, and where it is put. */
export function Controls({ at, speed, span, incidents, onSeek, onSpeed, onSpan }: ControlsProps): ReactNode {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Speed>(60);
  const earlier = nextStart(incidents, at, 'backwards');
  const later = nextStart(incidents, at, 'forwards');
  return (
    <div className="replay-controls">
      <Jump label={t('replay.previous')} to={earlier} onSeek={onSeek}>
        <SkipBack aria-hidden="true" />
      </Jump>
      <button
        type="button"
        className="button button--strong"
        onClick={() => {
          onSpeed(speed === null ? chosen : null);
        }}
      >
        {speed === null ? (
          <Play aria-hidden="true" size="1.2em" />
        ) : (
          <Pause aria-hidden="true" size="1.2em" />
        )}
        {t(speed === null ? 'replay.play' : 'replay.pause')}
      </button>
      <Jump label={t('replay.next')} to={later} onSeek={onSeek}>
        <SkipForward aria-hidden="true" />
      </Jump>
      <Choice
        label={t('replay.speed')}
        options={speeds.map((one) => ({ name: String(one), text: `×${one}` }))}
        chosen={String(speed ?? chosen)}
        onChoose={(name) => {
          const next = speeds.find((one) => String(one) === name);
          if (next === undefined) return;
          setChosen(next);
          if (speed !== null) onSpeed(next);
        }}
      />
      <Choice<SpanName>
        label={t('replay.span')}
        options={spanNames
          .filter((name) => name in spans)
          .map((name) => ({ name, text: t(`range.${name}`) }))}
        chosen={span}
        onChoose={onSpan}
      />
      <label className="replay-moment">
        {t('replay.moment')}
        <input
          type="datetime-local"
          className="input"
          key={Math.floor(at / 60_000)}
          defaultValue={wibField(at)}
          onBlur={(event) => {
            const wanted = fromWibField(event.target.value);
            if (wanted !== undefined && event.target.value !== event.target.defaultValue) onSeek(wanted);
          }}
        />
      </label>
    </div>
  );
}

function Jump(props: {
  label: string;
  to: number | undefined;
  onSeek: (at: number) => void;
  children: ReactNode;
}): ReactNode {
  const { label, to, onSeek, children } = props;
  return (
    <button
      type="button"
      className="button"
      aria-label={label}
      title={label}
      disabled={to === undefined}
      onClick={() => {
        if (to !== undefined) onSeek(to);
      }}
    >
      {children}
    </button>
  );
}
