import { useQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useApi, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { useNow } from '../live/hooks.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Findings } from './Findings.tsx';
import { bySite, headCount, personKey, roomsOf } from './muster.ts';
import { SiteChoice } from './MusterPage.tsx';
import { startWorker } from '../app/worker.ts';
import { Person } from './Person.tsx';
import { presenceQuery } from './queries.ts';
import { Name } from '../parts/Name.tsx';
import './presence.css';

/** Who is inside, by site and room, with what that is known from; and what was wrong about entries in the last day. */
export function PresencePage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.presence'));
  const label = useLabel();
  const now = useNow();
  const [search, setSearch] = useSearchParams();
  const chosen = search.get('situs');
  const presence = useQuery(presenceQuery(useApi()));
  const sites = Object.fromEntries((useSites().data ?? []).map(({ id, name }) => [id, name]));
  useEffect(() => {
    // The muster list shares this page's code, so that it can be opened later without the network.
    startWorker().catch(() => undefined);
  }, []);
  const rooms = presence.data === undefined ? [] : roomsOf(presence.data, chosen);
  const persons = rooms.flatMap((room) => room.persons);
  const count = (evidence: string): number =>
    headCount(persons.filter((person) => person.evidence === evidence));
  return (
    <div className="presence">
      <header className="page-head">
        <h1>{t('page.presence')}</h1>
        <span className="grow" />
        <Link className="button button--strong" to={`/kehadiran/kumpul${chosen === null ? '' : `?situs=${encodeURIComponent(chosen)}`}`}>
          <ListChecks aria-hidden="true" size="1.2em" /> {t('muster.title')}
        </Link>
      </header>
      <SiteChoice sites={sites} chosen={chosen} onChoose={(site) => { setSearch(site === null ? {} : { situs: site }); }} />
      {presence.data === undefined && presence.isPending ? <p className="note">{t('page.loading')}</p> : null}
      <Failed error={presence.error} />
      {presence.data === undefined ? null : (
        <dl className="presence-counts" data-testid="presence-counts">
          {(['detected', 'assumed', 'expired'] as const).map((evidence) => (
            <div key={evidence} className={`evidence--${evidence}`}>
              <dt>{t(`presenceEvidence.${evidence}`)}</dt>
              <dd><b>{count(evidence)}</b> <small>{t(`evidenceMeaning.${evidence}`)}</small></dd>
            </div>
          ))}
        </dl>
      )}
      {presence.data !== undefined && rooms.length === 0 ? <p className="note">{t('presence.nobody')}</p> : null}
      {bySite(rooms).map(([site, of]) => (
        <section key={site} className="presence-site" aria-labelledby={`hadir-${site}`}>
          <h2 id={`hadir-${site}`}>{sites[site] ?? site} <small>{t('muster.inside', { count: headCount(of.flatMap((room) => room.persons)) })}</small></h2>
          <div className="presence-rooms">
            {of.map((room) => (
              <div key={room.room ?? ''} className="panel presence-room">
                <h3><Name>{room.name === null ? t('presence.nowhere') : label(room.name)}</Name> <small>{headCount(room.persons)}</small></h3>
                <ul>
                  {room.persons.map((person) => (
                    <li key={personKey(site, person)}><Person person={person} now={now} /></li>
                  ))}
                </ul>
              </div>
            ))}
          </div>
        </section>
      ))}
      <Findings site={chosen} />
    </div>
  ); // prettier-ignore
}
