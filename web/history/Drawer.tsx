import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChartLine, Download, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearchParams } from 'react-router';
import { partName } from '../../config/schema/part-names.ts';
import { describeQuality } from '../../core/reading.ts';
import { historyView, namedPointView, type NamedPointView } from '../../server/contracts/points.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import type { Band } from '../../domain/band.ts';
import { useLive, usePoint } from '../live/hooks.tsx';
import { Choice } from '../parts/Choice.tsx';
import { Age, Value } from '../parts/Value.tsx';
import { savedTrend } from '../trends/saved.ts';
import { withPoint } from '../trends/view.ts';
import { Chart } from './Chart.tsx';
import { toSeries } from './series.ts';
import { useStates } from './states.ts';
import { Name } from '../parts/Name.tsx';
import './history.css';

const ranges = { '1h': 1, '6h': 6, '24h': 24, '7d': 168 } as const;
type RangeName = keyof typeof ranges;
const rangeNames: readonly RangeName[] = ['1h', '6h', '24h', '7d'];
const hourMs = 3_600_000;

/** A point's live value and history. */
export function Drawer({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const api = useApi();
  const path = `points/${encodeURIComponent(id)}`;
  const point = useQuery({
    queryKey: ['point', id],
    queryFn: () => api.get(path, namedPointView),
    staleTime: Infinity,
  });
  const [opener] = useState(() => document.activeElement);
  const close = (): void => {
    const rest = new URLSearchParams(search);
    rest.delete('titik');
    setSearch(rest);
  };
  // No portal: inside the picture the drawer too turns grey when the connection is lost.
  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) close();
      }}
    >
      <Dialog.Overlay className="drawer-shade" />
      <Dialog.Content
        className="drawer"
        aria-describedby={undefined}
        data-testid="history"
        onCloseAutoFocus={(event) => {
          // Opened by an address, not by a Dialog.Trigger: the focus goes back to where it was.
          event.preventDefault();
          if (opener instanceof HTMLElement) opener.focus();
        }}
      >
        <Dialog.Close className="button button--plain drawer-close" aria-label={t('history.close')}>
          <X aria-hidden="true" />
        </Dialog.Close>
        {point.data === undefined ? (
          <Dialog.Title className="note">
            {t(point.isError ? 'history.unknown' : 'history.loading')}
          </Dialog.Title>
        ) : (
          <Content point={point.data} path={path} />
        )}
      </Dialog.Content>
    </Dialog.Root>
  );
}

function Content({ point, path }: { point: NamedPointView; path: string }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const api = useApi();
  const live = useLive();
  const now = usePoint(point.id);
  const [search] = useSearchParams();
  const onTrends = useLocation().pathname === '/tren';
  const [name, setName] = useState<RangeName>('1h');
  const sites = useSites().data;
  const site = sites?.find((one) => one.id === point.site);
  const { band, clause } = useMemo(() => limitsOf(point, site), [point, site]);
  const states = useStates(point, site);
  const history = useQuery({
    queryKey: ['history', point.id, name],
    queryFn: async () => {
      const to = live.now();
      const range = { from: to - ranges[name] * hourMs, to };
      const query = new URLSearchParams({
        from: new Date(range.from).toISOString(),
        to: new Date(to).toISOString(),
      });
      return {
        range,
        query: query.toString(),
        view: await api.get(`${path}/history?${query.toString()}`, historyView),
      };
    },
    refetchInterval: name === '1h' ? 10_000 : 60_000,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  const series = useMemo(
    () => (history.data === undefined ? null : toSeries(history.data.view)),
    [history.data],
  );
  const title = t([`quantity.${point.quantity}`, point.quantity]);
  const { quality, reason } = describeQuality(now.quality);
  return (
    <>
      <Dialog.Title>
        {title} <span><Name>{site?.name ?? point.site}</Name> · <Name>{label(point.ownerName)}</Name>{point.part === null ? null : ` · ${label(partName(point.part))}`}</span>
      </Dialog.Title>
      <div className="drawer-now">
        <span className="drawer-value">
          <Value point={now} unit={point.unit} word={now.value === null ? undefined : states?.get(now.value)} big />
        </span>
        <dl>
          <dt>{t('history.quality')}</dt>
          <dd>{reason === null ? t(`quality.${quality}`) : t(`quality.${reason}`)}</dd>
          <dt>{t('history.source')}</dt>
          <dd>{now.at === 0 ? '–' : <><time data-testid="source-time">{format.time(now.at)}</time> <Age at={now.at} /></>}</dd>
          {clause === null ? null : (
            <>
              <dt>{t('history.limits')}</dt>
              <dd>{bandText(band)} · {clause}</dd>
            </>
          )}
        </dl>
      </div>
      <div className="drawer-ranges">
        <Choice label={t('history.range')} options={rangeNames.map((one) => ({ name: one, text: t(`range.${one}`) }))} chosen={name} onChoose={setName} />
        <Link className="button button--plain" to={withPoint(onTrends ? search.toString() : savedTrend.read(sessionStorage), point.id)}>
          <ChartLine aria-hidden="true" size="1.1em" /> {t('history.trend')}
        </Link>
        <a className="button button--plain" href={`/api/v1/${path}/history?${history.data?.query ?? ''}&format=csv`} download>
          <Download aria-hidden="true" size="1.1em" /> {t('history.csv')}
        </a>
      </div>
      {series === null || history.data === undefined ? (
        <p className="note">{t(history.isError ? 'history.failed' : 'history.loading')}</p>
      ) : series.x.length === 0 ? (
        <p className="note">{t('history.empty')}</p>
      ) : (
        <Chart series={series} unit={point.unit} band={band} states={states} range={history.data.range} label={t('history.chart', { name: title })} />
      )}
      <p className="drawer-id">{point.id}</p>
    </>
  ); // prettier-ignore
  function bandText(limits: Band): string {
    const parts = [limits.min, limits.max].filter((limit) => limit !== undefined);
    return `${parts.map((limit) => format.number(limit, Number.isInteger(limit) ? 0 : 1)).join('–')} ${point.unit}`;
  }
}

/** The catalogue's limits of a point of the halls: climate at a rack or of the site, load of a rack. */
function limitsOf(point: NamedPointView, site: SiteView | undefined): { band: Band; clause: string | null } {
  const none = { band: {}, clause: null };
  if (site === undefined) return none;
  const rack = site.racks.find((one) => Object.values(one.points).includes(point.id));
  const ofPlace = rack !== undefined || /^[^/]+\/(site|hall[^/]*)\//.test(point.id);
  if (ofPlace && point.quantity.startsWith('temperature')) return withClause(site.limits.temperature);
  if (ofPlace && point.quantity.startsWith('humidity')) return withClause(site.limits.humidity);
  if (rack !== undefined && point.unit === 'kW')
    return { band: { max: rack.limitKw }, clause: site.limits.rackPower.clause };
  return none;
}

function withClause({ min, max, clause }: SiteView['limits']['temperature']): { band: Band; clause: string } {
  return { band: { min, max }, clause };
}
