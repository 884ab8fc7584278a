import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineEntry } from '../../server/contracts/incidents.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { EntryPlace } from './EntryPlace.tsx';
import { Name } from '../parts/Name.tsx';
import { ShowAll } from '../parts/ShowAll.tsx';

/** Entries shown before the rest is asked for: an outage of a hall has hundreds. */
const first = 30;

/** What happened, newest first. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const [every, setEvery] = useState(false);
  const sorted = useMemo(() => [...entries].reverse(), [entries]);
  return (
    <>
      <ol className="timeline">
        {(every ? sorted : sorted.slice(0, first)).map((entry) => (
          <li key={`${entry.at} ${entry.kind} ${entry.point ?? entry.note ?? ''}`}>
            <time>
              {format.moment(Date.parse(entry.at)).replace(/ [^ ]+$/, '')} {format.time(Date.parse(entry.at))}
            </time>
            <span>
              <b>{t(`timeline.${entry.kind}`)}</b>
              <EntryPlace entry={entry} />
              {entry.note === null ? null : <q dir="auto"><Name>{entry.note}</Name></q>}
            </span>
            <small>
              <Name>{entry.actor ?? t('timeline.system')}</Name>
            </small>
          </li>
        ))}
      </ol>
      <ShowAll shown={every ? sorted.length : first} count={sorted.length} onAll={() => { setEvery(true); }} />
    </>
  ); // prettier-ignore
}
