import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { placeInBand, type Band } from '../../domain/band.ts';
import { layers, planPoints, type Layer } from '../../domain/plan.ts';
import { needsALook } from '../../domain/room.ts';
import { usableValue } from '../../domain/value.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { RackView, SiteView } from '../../server/contracts/sites.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { useLive, useNow, usePoint, useWatch } from '../live/hooks.tsx';
import { Choice } from '../parts/Choice.tsx';
import { HallPlan } from '../parts/HallPlan.tsx';
import { Name } from '../parts/Name.tsx';
import { useOpenHistory } from '../parts/PointButton.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Value } from '../parts/Value.tsx';
import { PlanCaption } from '../wall/PlanCaption.tsx';
import { layerTone } from '../wall/SiteCard.tsx';
import '../wall/card.css';

interface RoomRacksProps {
  readonly site: SiteView;
  readonly room: SiteView['rooms'][number];
  readonly racks: readonly RackView[];
  /** What is open in the room. */
  readonly here: readonly IncidentSummary[];
}

/** The racks at their places and one by one. Layer and choice are in the address. */
export function RoomRacks({ site, room, racks, here }: RoomRacksProps): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const part = useMemo(() => ({ ...site, racks: [...racks] }), [site, racks]);
  const layer: Layer = layers.find((name) => name === search.get('lapis')) ?? 'temperature';
  const shown = search.get('rak') === 'semua' ? 'all' : 'some';
  const set = (name: string, value: string | null): void => {
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  };
  if (racks.length === 0) return null;
  return (
    <section className="panel room-racks" aria-labelledby="ruang-rak">
      <h2 id="ruang-rak">
        {t('room.racks')} <small>{racks.length}</small>
      </h2>
      <Choice
        label={t('room.layer')}
        options={layers.map((name) => ({ name, text: t(`layer.${name}`) }))}
        chosen={layer}
        onChoose={(name) => {
          set('lapis', name === 'temperature' ? null : name);
        }}
      />
      <HallPlan
        site={part}
        layer={layer}
        tone={layerTone([...here], layer)}
        onPick={(rack) => {
          void navigate(`/rak/${site.id}/${rack.id}`);
        }}
      />
      <PlanCaption site={part} layer={layer} />
      <Choice
        label={t('room.which')}
        options={[
          { name: 'some', text: t('room.needLook') },
          { name: 'all', text: t('room.every') },
        ]}
        chosen={shown}
        onChoose={(name) => {
          set('rak', name === 'all' ? 'semua' : null);
        }}
      />
      {shown === 'some' ? <SomeRacks site={part} room={room.id} /> : <RackTable site={part} racks={racks} />}
    </section>
  );
}

/** Racks beyond a limit or without a value; judged once a second. */
function SomeRacks({ site, room }: { site: SiteView; room: string }): ReactNode {
  const { t } = useTranslation();
  const { store } = useLive();
  useWatch(useMemo(() => planPoints(site.racks), [site.racks]));
  useNow();
  const some = site.racks.filter((rack) =>
    needsALook(site, rack, (id) => (id === null || id === undefined ? undefined : store.get(id))),
  );
  return some.length === 0 ? (
    <p className="note" data-room={room}>
      {t('room.noneToLookAt')}
    </p>
  ) : (
    <RackTable site={site} racks={some} />
  );
}

function RackTable({ site, racks }: { site: SiteView; racks: readonly RackView[] }): ReactNode {
  const { t } = useTranslation();
  const { temperature, humidity, rackPower } = site.limits;
  return (
    <TableFrame label={t('room.racks')}>
      <table className="table room-table" data-testid="room-racks">
        <thead>
          <tr>
            <th scope="col">{t('room.rack')}</th>
            <th scope="col" className="number" title={temperature.clause}>{t('quantity.temperature')}</th>
            <th scope="col" className="number" title={humidity.clause}>{t('quantity.humidity')}</th>
            <th scope="col" className="number">{t('site.feedA')}</th>
            <th scope="col" className="number">{t('site.feedB')}</th>
            <th scope="col" className="number">{t('site.total')}</th>
            <th scope="col" className="number" title={rackPower.clause}>{t('site.limit')}</th>
            <th scope="col" className="number">{t('site.afterLoss')}</th>
          </tr>
        </thead>
        <tbody>
          {racks.map((rack) => (
            <RackRow key={rack.id} site={site} rack={rack} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  ); // prettier-ignore
}

function RackRow({ site, rack }: { site: SiteView; rack: RackView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { points, limitKw } = rack;
  const { temperature, humidity } = site.limits;
  const power = { max: limitKw };
  const cells: readonly (readonly [string, string | null, string, Band])[] = [
    ['temperature', points.temperature, '°C', temperature],
    ['humidity', points.humidity, '%RH', humidity],
    ['feedA', points.feedA, 'kW', power],
    ['feedB', points.feedB, 'kW', power],
    ['power', points.power, 'kW', power],
    ['limit', null, 'kW', power],
    ['loss', points.loadAfterLoss, 'kW', power],
  ];
  return (
    <tr data-rack={rack.id}>
      <th scope="row">
        <Link to={`/rak/${site.id}/${rack.id}`}>
          <Name>{rack.label}</Name>
        </Link>{' '}
        <small>{t(`function.${rack.function}`)}</small>
      </th>
      {cells.map(([name, id, unit, band]) => (
        <td key={name} className="number">
          {name === 'limit' ? (
            format.quantity(limitKw, 'kW')
          ) : id === null ? (
            '–'
          ) : (
            <Cell id={id} unit={unit} band={band} />
          )}
        </td>
      ))}
    </tr>
  );
}

function Cell({ id, unit, band }: { id: string; unit: string; band: Band }): ReactNode {
  const point = usePoint(id);
  const open = useOpenHistory();
  const value = usableValue(point);
  const side = value === undefined ? 'in' : placeInBand(value, band).side;
  return (
    <button
      type="button"
      className={`point sev-p3 figure--${side}`}
      data-point={id}
      onClick={() => {
        open(id);
      }}
    >
      <Value point={point} unit={unit} />
    </button>
  );
}
