import { Check } from 'lucide-react';
import {
  memo,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from 'react';
import { useTranslation } from 'react-i18next';
import { isWaiting } from '../../domain/severity.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { useMay } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { AcknowledgeDialog } from './AcknowledgeDialog.tsx';
import { IncidentRow } from './IncidentRow.tsx';
import { useListKeys } from './use-list-keys.ts';

/** Rows at first, somewhat more than a screen has, and how many more each time the end comes near: a thousand at once would be slow to show. */
const atFirst = 20;
const step = 40;

interface OpenListProps {
  /** Those that fit the filter, in order. */
  readonly incidents: readonly IncidentSummary[];
  readonly total: number;
  readonly searchBox: RefObject<HTMLInputElement | null>;
}

/** The open incidents, of which several can be acknowledged at once. */
export function OpenList({ incidents, total, searchBox }: OpenListProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay('operator');
  const box = useRef<HTMLUListElement>(null);
  const [count, setCount] = useState(atFirst);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<readonly IncidentSummary[]>([]);
  const [done, setDone] = useState<number | null>(null);
  const shown = incidents.slice(0, count);
  const waiting = useMemo(() => incidents.filter(isWaiting), [incidents]);
  // What was chosen and has since been filtered away or acknowledged is not acted on.
  const selected = waiting.filter(({ id }) => chosen.has(id));
  const grow = useCallback(() => {
    setCount((before) => before + step);
  }, []);
  const choose = useCallback((id: string, on: boolean) => {
    setDone(null);
    setChosen((before) => {
      const after = new Set(before);
      if (on) after.add(id);
      else after.delete(id);
      return after;
    });
  }, []);
  const focused = (): IncidentSummary | undefined => {
    const id = document.activeElement?.closest('li[data-incident]')?.getAttribute('data-incident');
    return incidents.find((incident) => incident.id === id);
  };
  useListKeys({
    move(by) {
      const rows = [...(box.current?.querySelectorAll<HTMLElement>('a.incident-row') ?? [])];
      const at = rows.findIndex((row) => row.closest('li')?.contains(document.activeElement) === true);
      rows[Math.max(0, at === -1 ? 0 : at + by)]?.focus();
      if (at + by >= rows.length - 1) grow();
    },
    select() {
      const incident = focused();
      if (may && incident !== undefined && isWaiting(incident)) choose(incident.id, !chosen.has(incident.id));
    },
    acknowledge() {
      const incident = focused();
      const alone = incident !== undefined && isWaiting(incident) ? [incident] : [];
      if (may) setAsked(selected.length > 0 ? selected : alone);
    },
    search: () => searchBox.current?.focus(),
  });
  return (
    <section className="panel">
      <div className="incident-bar">
        <h2>
          {t('list.shown', { shown: format.number(incidents.length, 0), total: format.number(total, 0) })}
        </h2>
        {may && waiting.length > 0 ? (
          <>
            <label className="check">
              <input
                type="checkbox"
                checked={selected.length === waiting.length}
                onChange={(event) => {
                  setDone(null);
                  setChosen(new Set(event.target.checked ? waiting.map(({ id }) => id) : []));
                }}
              />
              {t('list.all', { count: waiting.length })}
            </label>
            <button type="button" className="button" disabled={selected.length === 0} onClick={() => { setAsked(selected); }}>
              <Check aria-hidden="true" size="1.1em" /> {t('list.ack', { count: selected.length })}
            </button>
          </>
        ) : null}
        <output>{done === null ? '' : t('list.done', { count: done })}</output>
        <small className="incident-keys">{t(may ? 'list.keys' : 'list.keysViewer')}</small>
      </div>
      {incidents.length === 0 ? (
        <p className="note">{t(total === 0 ? 'incident.none' : 'list.nothingFits')}</p>
      ) : null}
      <ul ref={box} className="incident-list" data-testid="open-incidents">
        {shown.map((incident) => (
          <Item key={incident.id} incident={incident} chosen={chosen.has(incident.id)} onChoose={may && isWaiting(incident) ? choose : null} choosing={may && waiting.length > 0} />
        ))}
      </ul>
      {shown.length < incidents.length ? <Edge key={shown.length} onNear={grow} /> : null}
      <AcknowledgeDialog
        incidents={asked}
        onClose={() => { setAsked([]); }}
        onDone={(acknowledged) => {
          setAsked([]);
          setChosen(new Set());
          setDone(acknowledged);
        }}
      />
    </section>
  ); // prettier-ignore
}

interface ItemProps {
  readonly incident: IncidentSummary;
  readonly chosen: boolean;
  /** Null: it cannot be chosen. */
  readonly onChoose: ((id: string, on: boolean) => void) | null;
  /** Whether some row can be chosen, so that all are laid out alike. */
  readonly choosing: boolean;
}

/** Renders again only when its own incident changes: one change must not draw a thousand rows. */
const Item = memo(function Item({ incident, chosen, onChoose, choosing }: ItemProps): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <IncidentRow incident={incident}>
      {choosing ? (
        <span className="incident-choose">
          {onChoose === null ? null : (
            <input
              type="checkbox"
              aria-label={t('list.choose', { title: label(incident.title) })}
              checked={chosen}
              onChange={(event) => { onChoose(incident.id, event.target.checked); }}
            />
          )}
        </span>
      ) : null}
    </IncidentRow>
  ); // prettier-ignore
});

/** The end of what is drawn; comes near before it is in sight. */
function Edge({ onNear }: { onNear: () => void }): ReactNode {
  const edge = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (edge.current === null) return undefined;
    const sight = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) onNear();
      },
      { rootMargin: '1200px' },
    );
    sight.observe(edge.current);
    return () => {
      sight.disconnect();
    };
  }, [onNear]);
  return <div ref={edge} aria-hidden="true" className="incident-edge" />;
}
