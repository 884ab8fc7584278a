import { Printer } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { ApiError } from '../api/client.ts';
import { useTitle } from '../app/title.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Choice } from '../parts/Choice.tsx';
import { useThemed } from '../theme/theme.tsx';
import { bySite, headCount, keepFound, missingCount, personKey, readFound, roomsOf, type PresentRoom } from './muster.ts'; // prettier-ignore
import { PrintedBy } from '../app/PrintedBy.tsx';
import { startWorker } from '../app/worker.ts';
import { Evidence } from './Person.tsx';
import { useMuster } from './useMuster.ts';
import { Name } from '../parts/Name.tsx';
import { Simulated } from '../parts/Simulated.tsx';
import '../app/shell.css';
import '../app/print.css';
import './presence.css';

/**
 * Muster list for an evacuation, by room. It stands outside of what needs the live connection: it shows the last list that the browser
 * received, plainly as an old one, when the server cannot be reached.
 */
export function MusterPage(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  useThemed();
  const [search, setSearch] = useSearchParams();
  const { list, isOld, ageMs, error } = useMuster();
  const [found, setFound] = useState(() => readFound(localStorage));
  useEffect(() => {
    // Without it the page still works while it stays open.
    startWorker().catch(() => undefined);
  }, []);
  const site = search.get('situs');
  const rooms = list === undefined ? [] : roomsOf(list.view, site);
  const total = headCount(rooms.flatMap(({ persons }) => persons));
  const missing = missingCount(rooms, found);
  const nameOf = (id: string): string => list?.sites[id] ?? id;
  const siteName = site === null ? undefined : list?.sites[site];
  useTitle(siteName === undefined ? t('muster.title') : `${t('muster.title')} · ${siteName}`);

  function tick(next: ReadonlySet<string>): void {
    setFound(next);
    keepFound(localStorage, next);
  }
  function toggle(key: string): void {
    const next = new Set(found);
    if (!next.delete(key)) next.add(key);
    tick(next);
  }
  return (
    <main className="muster">
      <Simulated />
      {list === undefined ? null : <PrintedBy now={Date.parse(list.view.at) + ageMs} />}
      <header className="page-head">
        <h1>
          {t('muster.title')}
          {siteName === undefined ? null : <> · <Name>{siteName}</Name></>}
        </h1>
        <span className="grow" />
        <button type="button" className="button button--strong" onClick={() => { window.print(); }}>
          <Printer aria-hidden="true" size="1.2em" /> {t('muster.print')}
        </button>
        <Link className="button" to="/kehadiran">{t('muster.back')}</Link>
      </header>
      {isOld && list === undefined && error === null ? <p className="note">{t('page.loading')}</p> : null}
      {isOld && (list !== undefined || error !== null) ? (
        <div className="muster-old" role="alert" data-testid="muster-old">
          <strong>{t('muster.old')}</strong>
          <span>
            {error instanceof ApiError && error.status === 401 ? t('muster.signedOut') : t('muster.unreachable')}{' '}
            {list === undefined ? t('muster.never') : t('muster.oldAt', { time: format.moment(Date.parse(list.view.at)), age: format.age(ageMs) })}
          </span>
          {error instanceof ApiError && error.status === 401 ? (
            <Link className="button button--strong" to={`/masuk?ke=${encodeURIComponent(`/kehadiran/kumpul${site === null ? '' : `?situs=${site}`}`)}`}>
              {t('signin.again')}
            </Link>
          ) : null}
        </div>
      ) : null}
      {list === undefined ? null : (
        <>
          <SiteChoice sites={list.sites} chosen={site} onChoose={(name) => { setSearch(name === null ? {} : { situs: name }); }} />
          <p className="muster-count" data-testid="muster-count">
            <b>{t('muster.inside', { count: total })}</b>
            <span aria-live="polite">{missing === 0 ? t('muster.allFound') : t('muster.missing', { count: missing })}</span>
            <small>{t('muster.asOf', { time: format.moment(Date.parse(list.view.at)), age: format.age(ageMs) })}</small>
            {found.size === 0 ? null : (
              <button type="button" className="button" onClick={() => { tick(new Set()); }}>{t('muster.clear')}</button>
            )}
          </p>
          {rooms.length === 0 ? <p className="note">{t('muster.nobody')}</p> : null}
          {bySite(rooms).map(([id, of]) => (
            <section key={id} aria-label={nameOf(id)}>
              {site === null ? <h2 className="muster-site">{nameOf(id)}</h2> : null}
              {of.map((room) => (
                <Room key={room.room ?? ''} heading={site === null ? 'h3' : 'h2'} room={room} found={found} now={Date.parse(list.view.at) + ageMs} onToggle={toggle} />
              ))}
            </section>
          ))}
          <p className="muster-foot">{t('muster.local')}</p>
        </>
      )}
    </main>
  ); // prettier-ignore
}

interface RoomProps {
  /** Below the name of its site, where several are listed. */
  readonly heading: 'h2' | 'h3';
  readonly room: PresentRoom;
  readonly found: ReadonlySet<string>;
  readonly now: number;
  readonly onToggle: (key: string) => void;
}

function Room({ heading: Heading, room, found, now, onToggle }: RoomProps): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <div className="panel muster-room">
      <Heading>
        <Name>{room.name === null ? t('presence.nowhere') : label(room.name)}</Name> <small>{headCount(room.persons)}</small>
      </Heading>
      <ul>
        {room.persons.map((person) => {
          const key = personKey(room.site, person);
          return (
            <li key={key}>
              <label className={found.has(key) ? 'muster-person muster-person--found' : 'muster-person'}>
                <input type="checkbox" checked={found.has(key)} onChange={() => { onToggle(key); }} />
                <span>
                  <b><Name>{person.name}</Name></b>
                  {person.others > 0 ? <strong> {t('presence.others', { count: person.others })}</strong> : null}
                  <span className="person-who">
                    {t(`personKind.${person.kind}`)}
                    {person.unit === null ? null : <> · <Name>{person.unit}</Name></>}
                  </span>
                </span>
                <Evidence person={person} now={now} />
              </label>
            </li>
          );
        })}
      </ul>
    </div>
  ); // prettier-ignore
}

interface SiteChoiceProps {
  readonly sites: Readonly<Record<string, string>>;
  readonly chosen: string | null;
  readonly onChoose: (site: string | null) => void;
}

/** One site, or all of them. */
export function SiteChoice({ sites, chosen, onChoose }: SiteChoiceProps): ReactNode {
  const { t } = useTranslation();
  return (
    <Choice
      label={t('presence.sites')}
      options={[
        { name: '', text: t('presence.everySite') },
        ...Object.entries(sites).map(([name, text]) => ({ name, text })),
      ]}
      chosen={chosen ?? ''}
      onChoose={(name) => {
        onChoose(name === '' ? null : name);
      }}
    />
  );
}
