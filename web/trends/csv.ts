import type { HistoryView } from '../../server/contracts/points.ts';

/**
 * What is drawn, one row for each value: times of WIB with offset, points as decimal signs, so that a program reads it in every
 * language. Raw readings leave the columns of buckets empty.
 */
export function csvOf(histories: readonly HistoryView[]): string {
  const head = 'time,point,unit,resolution,value,min,max,quality,count,good';
  const rows = histories.flatMap((history) =>
    history.items.map((item) => {
      const before = [wib(item.at), history.point, history.unit, history.resolution];
      const cells =
        'quality' in item
          ? [...before, item.value, null, null, item.reason ?? item.quality, null, null]
          : [...before, item.mean, item.min, item.max, null, item.count, item.good];
      return cells.map((cell) => cellText(cell)).join(',');
    }),
  );
  return `${[head, ...rows].join('\r\n')}\r\n`;
}

function wib(at: string): string {
  return new Date(Date.parse(at) + 7 * 3_600_000).toISOString().replace('Z', '+07:00');
}

function cellText(cell: string | number | null): string {
  if (cell === null) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
