import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { wrongClockS } from '../../core/source-clock.ts';
import { deviceFigures, type DeviceFigure } from '../../config/schema/diagnostics.ts';
import type { DeviceDiagnosticsView } from '../../server/contracts/system.ts';
import type { CommissioningState, CommissioningSummary } from '../../server/contracts/commissioning.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { useNow } from '../live/hooks.tsx';
import { commissionedQuery } from '../place/commissioning.ts';
import { useOpenHistory } from '../parts/PointButton.tsx';
import { useCollectorName } from './names.ts';
import { columns, figureOf, pointOfFigure, type Column, type View } from './rows.ts';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Name } from '../parts/Name.tsx';
import { ShowAll } from '../parts/ShowAll.tsx';

/** Rows drawn before the rest is asked for: there are two thousand devices. */
const first = 100;
const numbers: ReadonlySet<Column> = new Set(deviceFigures.map(({ figure }) => figure));

interface DeviceTableProps {
  /** In order. */
  readonly rows: readonly DeviceDiagnosticsView[];
  readonly view: View;
  readonly onSort: (by: Column) => void;
}

/** How every device answers, a line each. */
export function DeviceTable({ rows, view, onSort }: DeviceTableProps): ReactNode {
  const { t } = useTranslation();
  const [every, setEvery] = useState(false);
  return (
    <TableFrame label={t('page.devices')} className="panel">
      <table className="table devices">
        <thead>
          <tr>
            {columns.map((column) => (
              <Head
                key={column}
                column={column}
                view={view}
                onSort={() => {
                  onSort(column);
                }}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {(every ? rows : rows.slice(0, first)).map((row) => (
            <Row key={`${row.collector}/${row.site}/${row.device}`} row={row} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? <p className="note">{t('devices.none')}</p> : null}
      <ShowAll
        shown={every ? rows.length : first}
        count={rows.length}
        onAll={() => {
          setEvery(true);
        }}
      />
    </TableFrame>
  );
}

function Head({ column, view, onSort }: { column: Column; view: View; onSort: () => void }): ReactNode {
  const { t } = useTranslation();
  const sorted = view.by === column;
  const Arrow = view.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      className={numbers.has(column) ? 'number' : ''}
      aria-sort={sorted ? (view.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" onClick={onSort}>
        {t(`devices.${column}`)}
        {sorted ? <Arrow aria-hidden="true" size="1em" /> : null}
      </button>
      <span className="on-paper">{t(`devices.${column}`)}</span>
    </th>
  );
}

function Row({ row }: { row: DeviceDiagnosticsView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const site = useSites().data?.find((one) => one.id === row.site);
  const collectorName = useCollectorName();
  const commissioned = useCommissioned(row);
  return (
    <tr className={row.state === 'lost' ? 'devices-lost' : ''} data-device={`${row.site}/${row.device}`}>
      <th scope="row">
        <Link to={`/perangkat/${row.site}/${row.device}`}>
          <Name>{label(row.name)}</Name>
        </Link>
        <span className="devices-note">{row.device}</span>
        <small aria-hidden="true">
          <Name>{site?.name ?? row.site}</Name>
        </small>
        {commissioned === undefined || commissioned === 'valid' ? null : (
          <span className="devices-note" data-commissioned={commissioned}>
            {t(`commissioning.short.${commissioned}`)}
          </span>
        )}
      </th>
      <td>
        <Name>{site?.name ?? row.site}</Name>
      </td>
      <td>{collectorName(row.collector)}</td>
      <td>{t(`deviceState.${row.state}`)}</td>
      <td>{row.lastAnswerAt === null ? '–' : <Answered at={Date.parse(row.lastAnswerAt)} />}</td>
      {deviceFigures.map(({ figure }) => (
        <td key={figure} className="number">
          <Figure row={row} figure={figure} />
        </td>
      ))}
      <td className="devices-error" title={row.lastError ?? ''}>
        {row.lastError ?? ''}
      </td>
    </tr>
  );
}

/** Undefined until it is known. */
function useCommissioned({ site, device }: DeviceDiagnosticsView): CommissioningState | undefined {
  const known = useQuery({ ...commissionedQuery(useApi()), select: byDevice }).data;
  return known?.get(`${site}/${device}`);
}

function byDevice(rows: readonly CommissioningSummary[]): ReadonlyMap<string, CommissioningState> {
  return new Map(rows.map(({ site, device, state }) => [`${site}/${device}`, state]));
}

/** What it is now, and no count of what has happened. */
function isLevel(figure: DeviceFigure): figure is 'latency' | 'stretch' | 'clock' {
  return figure === 'latency' || figure === 'stretch' || figure === 'clock';
}

function textOf(figure: DeviceFigure, number: string): string {
  if (figure === 'latency') return `${number} ms`;
  if (figure === 'clock') return `${number} s`;
  return figure === 'stretch' ? `${number}×` : number;
}

/** A figure that opens its history; bright, with what came in the last hour, when that is not nothing. */
function Figure({ row, figure }: { row: DeviceDiagnosticsView; figure: DeviceFigure }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const open = useOpenHistory();
  const value = figureOf(row, figure);
  if (value === null) return '–';
  const more = isLevel(figure) ? 0 : row.lastHour[figure];
  const odd = more > 0 || (figure === 'stretch' && value > 1) || (figure === 'clock' && value > wrongClockS);
  const text = textOf(figure, format.number(value, 0));
  const lately = t('devices.lastHour', { count: more });
  return (
    <button
      type="button"
      className={odd ? 'devices-figure devices-figure--some' : 'devices-figure'}
      aria-label={[
        `${t(`devices.${figure}`)} ${label(row.name)}: ${text}`,
        ...(more > 0 ? [lately] : []),
      ].join(', ')}
      title={more > 0 ? lately : undefined}
      onClick={() => {
        open(pointOfFigure(row, figure));
      }}
    >
      {text}
      {more > 0 ? <small> +{format.number(more, 0)}</small> : null}
    </button>
  );
}

function Answered({ at }: { at: number }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(5_000);
  return t('value.age', { age: format.age(now - at) });
}
