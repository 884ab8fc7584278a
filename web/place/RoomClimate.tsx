import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { placeInBand, type Band } from '../../domain/band.ts';
import {
  climateOf,
  climateSensors,
  type ClimateSensor,
  type Extreme,
  type RoomThings,
} from '../../domain/room.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { useLive, useNow, useWatch } from '../live/hooks.tsx';
import { Name } from '../parts/Name.tsx';
import { useOpenHistory } from '../parts/PointButton.tsx';
import { Dash } from '../parts/Value.tsx';

interface RoomClimateProps {
  readonly site: SiteView;
  readonly room: SiteView['rooms'][number];
  readonly things: RoomThings;
}

const quantities = [
  ['temperature', '°C'],
  ['humidity', '%RH'],
] as const;

/** The worst places of the room, the limits with their clause, and how many sensors are not known now. */
export function RoomClimate({ site, room, things }: RoomClimateProps): ReactNode {
  const { t } = useTranslation();
  const isJudged = room.kind === 'data-hall';
  const rows = quantities.map(([quantity, unit]) => ({
    quantity,
    unit,
    sensors: climateSensors(things, quantity),
    limits: site.limits[quantity],
  }));
  if (rows.every(({ sensors }) => sensors.length === 0))
    return isJudged ? <p className="panel note">{t('room.noSensor')}</p> : null;
  return (
    <section className="panel" aria-labelledby="ruang-iklim">
      <h2 id="ruang-iklim">{t('room.climate')}</h2>
      <div className="room-climate">
        {rows.map(({ quantity, unit, sensors, limits }) =>
          sensors.length === 0 ? null : (
            <Quantity
              key={quantity}
              name={t(`quantity.${quantity}`)}
              unit={unit}
              sensors={sensors}
              limits={isJudged ? limits : null}
            />
          ),
        )}
      </div>
      {isJudged ? null : <p className="note">{t('room.notJudged', { clause: site.limits.temperature.clause })}</p>}
    </section>
  ); // prettier-ignore
}

interface QuantityProps {
  readonly name: string;
  readonly unit: string;
  readonly sensors: readonly ClimateSensor[];
  /** Null: the catalogue judges data halls only. */
  readonly limits: { readonly min: number; readonly max: number; readonly clause: string } | null;
}

const noBand: Band = {};

/** Judged once a second: a hall has over a hundred sensors. */
function Quantity({ name, unit, sensors, limits }: QuantityProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { store } = useLive();
  useWatch(useMemo(() => sensors.map(({ point }) => point), [sensors]));
  useNow();
  const climate = climateOf(sensors, limits ?? noBand, (id) =>
    id === null || id === undefined ? undefined : store.get(id),
  );
  return (
    <div className="room-quantity">
      <h3>{name}</h3>
      <dl>
        <Worst name={t('room.highest')} extreme={climate.highest} unit={unit} band={limits ?? noBand} />
        <Worst name={t('room.lowest')} extreme={climate.lowest} unit={unit} band={limits ?? noBand} />
      </dl>
      <p>
        {climate.out > 0 ? <b className="room-out">{t('room.out', { count: climate.out })}</b> : null}
        {climate.silent > 0 ? <b className="blind">{t('room.silent', { count: climate.silent, total: climate.total })}</b> : null}
        {climate.out + climate.silent === 0 ? t('room.allKnown', { count: climate.total }) : null}
      </p>
      {limits === null ? null : (
        <p className="note">
          {t('room.limits', { from: format.figure(limits.min, unit), to: format.quantity(limits.max, unit), clause: limits.clause })}
        </p>
      )}
    </div>
  ); // prettier-ignore
}

function Worst(props: { name: string; extreme: Extreme | null; unit: string; band: Band }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const open = useOpenHistory();
  const { name, extreme, unit, band } = props;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {extreme === null ? (
          <Dash label={t('quality.no-value')} />
        ) : (
          <button
            type="button"
            className={`point sev-p3 figure--${placeInBand(extreme.value, band).side}`}
            data-point={extreme.point}
            onClick={() => {
              open(extreme.point);
            }}
          >
            <b className="room-figure">{format.quantity(extreme.value, unit)}</b>{' '}
            <small>
              <Name>{label(extreme.at)}</Name>
            </small>
          </button>
        )}
      </dd>
    </div>
  );
}
