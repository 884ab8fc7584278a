import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { placeInBand } from '../../domain/band.ts';
import { openAt } from '../../domain/severity.ts';
import { usableValue } from '../../domain/value.ts';
import { page } from '../../server/contracts/common.ts';
import { deviceView, type DeviceView, type RackView, type SiteView } from '../../server/contracts/sites.ts';
import { useApi, useOpenIncidents, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { usePoint } from '../live/hooks.tsx';
import { IncidentRow } from '../incidents/IncidentRow.tsx';
import { BandBar } from '../parts/BandBar.tsx';
import { useOpenHistory } from '../parts/PointButton.tsx';
import { Value } from '../parts/Value.tsx';
import { DevicePanel } from './DevicePanel.tsx';
import './place.css';

/** One rack: what it draws from each feed, the climate at its inlet, and the devices in it. */
export function RackPage(): ReactNode {
  const { t } = useTranslation();
  const { site: siteId, rack: rackId } = useParams();
  const sites = useSites().data;
  const site = sites?.find(({ id }) => id === siteId);
  const rack = site?.racks.find(({ id }) => id === rackId);
  if (sites === undefined) return <p className="note">{t('link.connecting')}</p>;
  if (site === undefined || rack === undefined) return <p className="note">{t('place.noRack')}</p>;
  return <Rack site={site} rack={rack} />;
}

function Rack({ site, rack }: { site: SiteView; rack: RackView }): ReactNode {
  const { t } = useTranslation();
  useTitle(`${rack.label} · ${site.name}`);
  const format = useFormat();
  const label = useLabel();
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
  const room = site.rooms.find(({ id }) => id === rack.room);
  const here = openAt(useOpenIncidents() ?? [], { site: site.id }).filter((one) =>
    isAbout(one.worst?.point, rack, devices),
  );
  const { temperature, humidity, rackPower } = site.limits;
  const { points } = rack;
  return (
    <article className="place">
      <header className="page-head">
        <h1>{t('place.rack', { label: rack.label })}</h1>
        <span>
          <Link to={`/situs/${site.id}`}>{site.name}</Link> · {room === undefined ? rack.room : label(room.name)} ·{' '}
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

interface FigureProps {
  readonly name: string;
  readonly id: string | null;
  readonly unit: string;
  readonly min?: number;
  readonly max: number;
  readonly clause: string;
}

function Figure({ id, ...props }: FigureProps): ReactNode {
  return id === null ? null : <LiveFigure {...props} id={id} />;
}

function LiveFigure({ name, id, unit, min, max, clause }: FigureProps & { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const point = usePoint(id);
  const open = useOpenHistory();
  const value = usableValue(point);
  const band = min === undefined ? { max } : { min, max };
  const side = value === undefined ? 'in' : placeInBand(value, band).side;
  return (
    <button
      type="button"
      className={`place-figure sev-p3 figure--${side}`}
      title={t('figure.clause', { clause })}
      data-point={id}
      onClick={() => {
        open(id);
      }}
    >
      <span className="place-name">{name} </span>
      <span className="place-value">
        <Value point={point} unit={unit} />
      </span>
      <BandBar value={value} max={max} {...(min === undefined ? {} : { min })} />
    </button>
  );
}
