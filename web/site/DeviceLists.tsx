import { ChevronDown } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DeviceView, SiteView } from '../../server/contracts/sites.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { ofKind, pointOf, pointsOf } from '../../domain/devices.ts';
import { firstSight } from '../../domain/shown.ts';
import { usableValue } from '../../domain/value.ts';
import { usePoint } from '../live/hooks.tsx';
import { PointButton } from '../parts/PointButton.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Name } from '../parts/Name.tsx';

/** Every device of the site by kind, with what matters of it first. */
export function DeviceLists({ site }: { site: SiteView }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="lists">
      {firstSight.map(([kind, quantities]) => {
        const devices = ofKind(site.devices, kind);
        if (devices.length === 0) return null;
        const columns = quantities.filter((quantity) =>
          devices.some((one) => pointsOf(one, quantity).length > 0),
        );
        return (
          <section key={kind} className="panel list">
            <h2>
              {t(`kind.${kind}`)} <small>{devices.length}</small>
            </h2>
            <TableFrame label={t(`kind.${kind}`)}>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{t('devices.device')}</th>
                    {columns.map((quantity) => (
                      <th key={quantity} scope="col">
                        {t(`quantity.${quantity}`)}
                      </th>
                    ))}
                    <th scope="col">
                      <span className="hidden">{t('showAll.button')}</span>
                    </th>
                  </tr>
                </thead>
                {devices.map((device) => (
                  <DeviceRows key={device.id} site={site} device={device} columns={columns} />
                ))}
              </table>
            </TableFrame>
          </section>
        );
      })}
    </div>
  );
}

interface DeviceRowsProps {
  readonly site: SiteView;
  readonly device: DeviceView;
  readonly columns: readonly string[];
}

function DeviceRows({ site, device, columns }: DeviceRowsProps): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const [open, setOpen] = useState(false);
  const room = site.rooms.find((one) => one.id === device.room);
  const shown = new Set(columns);
  const others = device.points.filter(
    (point) =>
      !shown.has(point.quantity) || (point.part !== null && pointOf(device, point.quantity) !== undefined),
  );
  return (
    <tbody>
      <tr>
        <th scope="row" className="list-device">
          <Link to={`/perangkat/${site.id}/${device.id}`}>
            <b>
              <Name>{label(device.name)}</Name>
            </b>
          </Link>
          <Lost link={device.link} />
          <small>
            <Name>{room === undefined ? device.room : label(room.name)}</Name>
            {device.toBeConfirmed === null ? '' : ` · ${t('site.toBeConfirmed')}`}
          </small>
        </th>
        {columns.map((quantity) => (
          <td key={quantity}>
            <Cell device={device} quantity={quantity} />
          </td>
        ))}
        <td className="list-more">
          {others.length === 0 ? null : (
            <button
              type="button"
              className="button button--plain"
              aria-expanded={open}
              aria-label={t('site.more', { count: others.length })}
              onClick={() => {
                setOpen(!open);
              }}
            >
              <ChevronDown aria-hidden="true" size="1.2em" />
            </button>
          )}
        </td>
      </tr>
      {open ? (
        <tr>
          <td colSpan={columns.length + 2} className="list-others">
            {others.map((point) => (
              <PointButton key={point.id} point={point} named />
            ))}
          </td>
        </tr>
      ) : null}
    </tbody>
  );
}

/** The device's own figure, or one a part where it has none. */
function Cell({ device, quantity }: { device: DeviceView; quantity: string }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const whole = pointOf(device, quantity);
  if (whole === undefined)
    return pointsOf(device, quantity).map((point) => <PointButton key={point.id} point={point} />);
  return (
    <>
      <PointButton point={whole} />
      {quantity === 'level' && device.rating.litres !== null ? (
        <small>{t('figure.of', { capacity: format.quantity(device.rating.litres, 'L') })}</small>
      ) : null}
    </>
  );
}

function Lost({ link }: { link: string }): ReactNode {
  const { t } = useTranslation();
  const live = usePoint(link);
  return usableValue(live) === 0 ? <em className="lost-tag">{t('site.lost')}</em> : null;
}
