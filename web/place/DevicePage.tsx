import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { Crumbs } from '../parts/Crumbs.tsx';
import { Name } from '../parts/Name.tsx';
import { Commissioning } from './Commissioning.tsx';
import { DevicePanel } from './DevicePanel.tsx';
import './place.css';

/** One main device, where it stands, and all that is read from it. */
export function DevicePage(): ReactNode {
  const { t } = useTranslation();
  const { site: siteId, device: deviceId } = useParams();
  const sites = useSites().data;
  const site = sites?.find(({ id }) => id === siteId);
  const device = site?.devices.find(({ id }) => id === deviceId);
  const label = useLabel();
  useTitle(device === undefined ? t('page.devices') : `${label(device.name)} · ${site?.name ?? ''}`);
  if (sites === undefined) return <p className="note">{t('link.connecting')}</p>;
  if (site === undefined || device === undefined) return <h1 className="note">{t('place.noDevice')}</h1>;
  return (
    <article className="place">
      <header className="page-head">
        <Crumbs site={site} room={device.room} rack={device.rack} />
        <h1>
          <Name>{label(device.name)}</Name>
        </h1>
      </header>
      <DevicePanel device={device} />
      <Commissioning device={device} />
    </article>
  );
}
