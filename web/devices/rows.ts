import { deviceFigures, type DeviceFigure } from '../../config/schema/diagnostics.ts';
import type { DeviceDiagnosticsView } from '../../server/contracts/system.ts';

export const columns = [
  'device', 'site', 'collector', 'state', 'lastAnswerAt', ...deviceFigures.map(({ figure }) => figure), 'lastError',
] as const; // prettier-ignore
export type Column = (typeof columns)[number];

export interface View {
  readonly by: Column;
  readonly descending: boolean;
  readonly onlySick: boolean;
  readonly search: string;
  /** '': all of them. */
  readonly collector: string;
  readonly site: string;
  readonly protocol: string;
}

export const everything: View = {
  by: 'state', descending: false, onlySick: false, search: '', collector: '', site: '', protocol: '',
}; // prettier-ignore

/** Whether errors were counted in the last hour; counts from weeks ago do not describe today. */
function isTroubled({ lastHour }: DeviceDiagnosticsView): boolean {
  return Object.values(lastHour).some((count) => count > 0);
}

/** The rows to show, in order; what is empty comes last whichever way it is sorted. */
export function arrange(rows: readonly DeviceDiagnosticsView[], view: View): DeviceDiagnosticsView[] {
  const wanted = view.search.trim().toLowerCase();
  return rows
    .filter((row) => !view.onlySick || row.state === 'lost' || isTroubled(row))
    .filter((row) =>
      (['collector', 'site', 'protocol'] as const).every((by) => view[by] === '' || row[by] === view[by]),
    )
    .filter(
      (row) =>
        wanted === '' ||
        `${row.site}/${row.device} ${row.name.id} ${row.name.en}`.toLowerCase().includes(wanted),
    )
    .sort(
      (a, b) =>
        compare(sortedBy(a, view.by), sortedBy(b, view.by), view.descending) ||
        a.site.localeCompare(b.site) ||
        a.device.localeCompare(b.device),
    );
}

/** null where a device has none: one that publishes by itself is not polled, a lost one does not answer. Latency in ms, clock in s, else a count. */
export function figureOf(row: DeviceDiagnosticsView, figure: DeviceFigure): number | null {
  const { of } = deviceFigures.find((each) => each.figure === figure) ?? { of: 'all' };
  if (of === 'polled' && (row.protocol === 'mqtt' || row.protocol === 'push')) return null;
  if (figure === 'latency') return row.state === 'lost' ? null : row.latencyMs;
  if (figure === 'clock') return row.clockOffsetMs === null ? null : Math.abs(row.clockOffsetMs) / 1_000;
  return figure === 'discarded' ? row.malformed + row.wrongSource : row[figure];
}

/** The point that keeps a figure's history. */
export function pointOfFigure({ site, device }: DeviceDiagnosticsView, figure: DeviceFigure): string {
  const { quantity } = deviceFigures.find((each) => each.figure === figure) ?? { quantity: figure };
  return `${site}/${device}/${quantity}`;
}

type Cell = string | number | null;

function sortedBy(row: DeviceDiagnosticsView, by: Column): Cell {
  switch (by) {
    case 'device':
    case 'site':
    case 'collector':
    case 'lastAnswerAt':
    case 'lastError':
      return row[by];
    case 'state':
      // The worst first.
      return row.state === 'lost' ? 0 : isTroubled(row) ? 1 : row.state === 'unknown' ? 2 : 3;
    default:
      return figureOf(row, by);
  }
}

function compare(a: Cell, b: Cell, descending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return descending ? -order : order;
}
