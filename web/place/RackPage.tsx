import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { openAt } from '../../domain/severity.ts';
import { page } from '../../server/contracts/common.ts';
import { deviceView, type DeviceView, type RackView, type SiteView } from '../../server/contracts/sites.ts';
import { useApi, useOpenIncidents, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { IncidentRow } from '../incidents/IncidentRow.tsx';
import { Crumbs } from '../parts/Crumbs.tsx';
import { Name } from '../parts/Name.tsx';
import { DevicePanel } from './DevicePanel.tsx';
import { Figure } from './Figure.tsx';
import './place.css';

/** One rack: what it draws from each feed, the climate at its inlet, and the devices in it. */
export function RackPage(): ReactNode {
  const { t } = useTranslation();
  const { site: siteId, rack: rackId } = useParams();
  const sites = useSites().data;
  const site = sites?.find(({ id }) => id === siteId);
  const rack = site?.racks.find(({ id }) => id === rackId);
  if (sites === undefined) return <p className="note">{t('link.connecting')}</p>;
  if (site === undefined || rack === undefined) return <h1 className="note">{t('place.noRack')}</h1>;
  return <Rack site={site} rack={rack} />;
}

function Rack({ site, rack }: { site: SiteView; rack: RackView }): ReactNode {
  const { t } = useTranslation();
  useTitle(`${rack.label} · ${site.name}`);
  const format = useFormat();
  const api = useApi();
  const devices = useQuery({
    queryKey: ['devices', site.id, rack.id],
    queryFn: async () =>
      (
        await api.get(
          `devices?${new URLSearchParams({ site: site.id, rack: rack.id }).toString()}`,
          page(deviceView),
        )
      ).items,
    staleTime: Infinity,
  }).data;
  const here = openAt(useOpenIncidents() ?? [], { site: site.id }).filter((one) =>
    isAbout(one.worst?.point, rack, devices),
  );
  const { temperature, humidity, rackPower } = site.limits;
  const { points } = rack;
  return (
    <article className="place">
      <header className="page-head">
        <Crumbs site={site} room={rack.room} />
        <h1><Name>{t('place.rack', { label: rack.label })}</Name></h1>
        <span>
          {t('place.row', { row: rack.row, number: rack.number })} · {t(`function.${rack.function}`)} · {t('site.limit')}{' '}
          {format.quantity(rack.limitKw, 'kW')} ({rackPower.clause})
        </span>
      </header>
      {here.length === 0 ? null : (
        <ul className="panel site-incidents">
          {here.map((incident) => (
            <IncidentRow key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
      <section className="panel">
        <h2>{t('place.measured')}</h2>
        <div className="place-figures">
          <Figure name={t('quantity.temperature')} id={points.temperature} unit="°C" min={temperature.min} max={temperature.max} clause={temperature.clause} />
          <Figure name={t('quantity.humidity')} id={points.humidity} unit="%RH" min={humidity.min} max={humidity.max} clause={humidity.clause} />
          <Figure name={t('site.feedA')} id={points.feedA} unit="kW" max={rack.limitKw} clause={rackPower.clause} />
          <Figure name={t('site.feedB')} id={points.feedB} unit="kW" max={rack.limitKw} clause={rackPower.clause} />
          <Figure name={t('site.total')} id={points.power} unit="kW" max={rack.limitKw} clause={rackPower.clause} />
          <Figure name={t('site.afterLoss')} id={points.loadAfterLoss} unit="kW" max={rack.limitKw} clause={rackPower.clause} />
        </div>
      </section>
      {devices?.map((device) => (
        <DevicePanel key={device.id} device={device} />
      ))}
    </article>
  ); // prettier-ignore
}

/** A point of the rack itself or of a device in it. */
function isAbout(
  point: string | undefined,
  rack: RackView,
  devices: readonly DeviceView[] | undefined,
): boolean {
  const owner = point?.split('/')[1];
  return owner !== undefined && (owner === rack.id || devices?.some(({ id }) => id === owner) === true);
}
