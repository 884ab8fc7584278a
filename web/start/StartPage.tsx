import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useHealth, useSites } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useTitle } from '../app/title.ts';
import './start.css';

/** The first five minutes: what is simulated, what to try, and how the first real device is added. */
export function StartPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.start'));
  const simulated = useHealth()?.field === 'simulated';
  const may = useMay('operator');
  const sites = useSites().data ?? [];
  const racks = sites.reduce((sum, site) => sum + site.racks.length, 0);
  return (
    <article className="start">
      <header className="page-head">
        <h1>{t('page.start')}</h1>
      </header>
      <ol className="start-steps">
        <li className="panel">
          <h2>{t('start.what')}</h2>
          <p>{t(simulated ? 'start.simulated' : 'start.real', { sites: sites.length, racks })}</p>
          <p>{t('start.where')} <code>config/pantau.yaml</code> (<code>field</code>)</p>
          <Link className="button" to="/">{t('page.wall')}</Link>
        </li>
        <li className="panel">
          <h2>{t('start.try')}</h2>
          <p>{t('start.tryText')}</p>
          {simulated && may ? <Link className="button" to="/latihan">{t('page.drills')}</Link> : null}
          <p>{t('start.search')} <kbd>Ctrl</kbd> + <kbd>K</kbd></p>
        </li>
        <li className="panel">
          <h2>{t('start.device')}</h2>
          <p>{t('start.deviceText')}</p>
          <pre>{`pantau probe …\npantau check-config\n# config/sites/<situs>.yaml → devices:`}</pre>
          <p><code>docs/adding-a-device.md</code></p>
          <Link className="button" to="/perangkat">{t('page.devices')}</Link>
        </li>
      </ol>
    </article>
  ); // prettier-ignore
}
