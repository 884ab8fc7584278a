import { useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useFormat } from '../format/FormatContext.tsx';
import { useLink, useNow } from '../live/hooks.tsx';
import { useSession } from './session.tsx';
import './link.css';

/**
 * The whole page changes when nothing was received for 3 s: without colour, crossed out, with the time of the last
 * data across it. Values of a lost connection must not be mistaken for current ones.
 */
export function LinkGuard({ children }: { children: ReactNode }): ReactNode {
  const link = useLink();
  const lost = link.phase === 'lost';
  const session = useSession();
  const expired = session.now.phase === 'expired';
  const keptAt = useSyncExternalStore(session.kept.subscribe, session.kept.since);
  const place = useLocation().pathname === '/' ? 'wall' : 'page';
  return (
    <>
      <div className={lost ? 'picture picture--lost' : 'picture'}>{children}</div>
      {lost ? <LostSign place={place} lastTime={link.lastServerTime ?? keptAt} signedOut={expired} /> : null}
      {expired && !lost ? <ExpiredSign /> : null}
      {keptAt !== null && !lost ? <KeptSign at={keptAt} /> : null}
    </>
  );
}

/** The socket may outlive the session: its values are current, but HTTP requests are refused. */
function ExpiredSign(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="expired" role="alert" data-testid="session-expired">
      <strong>{t('link.signedOut')}</strong>
      <Link className="button button--strong" to="/masuk?ke=/">
        {t('signin.again')}
      </Link>
    </div>
  );
}

/** The network gave nothing: a part of the page is what was last known. */
function KeptSign({ at }: { at: number }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  return (
    <output className="kept" data-testid="kept">
      {t('link.kept', { time: format.moment(at), age: format.age(now - at) })}
    </output>
  );
}

function LostSign(props: { place: string; lastTime: number | null; signedOut: boolean }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { lastTime } = props;
  return (
    <div className={`lost lost--${props.place}`} role="alert" data-testid="connection-lost">
      <svg className="lost-cross" preserveAspectRatio="none" viewBox="0 0 100 100" aria-hidden="true">
        <path d="M0 0 100 100M100 0 0 100" />
      </svg>
      <div className="lost-sign">
        <strong>{t(props.signedOut ? 'link.signedOut' : 'link.lost')}</strong>
        <span>
          {lastTime === null
            ? t('link.never')
            : t('link.lastData', {
                time: format.time(lastTime),
                age: format.age(now - lastTime),
              })}
        </span>
        {props.signedOut ? (
          <Link className="button button--strong" to="/masuk?ke=/">
            {t('signin.again')}
          </Link>
        ) : null}
      </div>
    </div>
  );
}
