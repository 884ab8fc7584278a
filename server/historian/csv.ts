import { stringify } from 'csv-stringify/sync';
import { describeQuality } from '../../core/reading.ts';
import type { ZonedTime } from '../../core/zoned.ts';
import type { PointHistory } from './read.ts';
import { samplesIn } from './sample-columns.ts';

/** `standard`: RFC 4180 with a decimal point. `excel`: what Excel with Indonesian settings opens by a double click. */
export const csvDialects = ['standard', 'excel'] as const;
export type CsvDialect = (typeof csvDialects)[number];

/** What a row tells beside the reading. */
export interface PointNames {
  readonly id: string;
  readonly unit: string;
  readonly states?: ReadonlyMap<number, string> | undefined;
}

/** Excel reads a file without it in the machine's own code page: °C becomes Â°C. */
const byteOrderMark = '\uFEFF';

const columns = {
  raw: ['point', 'unit', 'at', 'value', 'state', 'quality', 'reason'],
  buckets: ['point', 'unit', 'at', 'min', 'max', 'mean', 'last', 'count', 'good', 'coveredMs', 'states'],
} as const;

/** Histories as CSV text: the header once, then the rows of each point. */
export function createHistoryCsv({
  kind,
  dialect,
  time,
}: {
  readonly kind: PointHistory['kind'];
  readonly dialect: CsvDialect;
  readonly time: ZonedTime;
}): { readonly header: string; rows(point: PointNames, history: PointHistory): string } {
  const excel = dialect === 'excel';
  const at = (ms: number): string => (excel ? time.plain(ms) : time.iso(ms));
  const text = (rows: readonly (readonly string[])[]): string =>
    stringify(
      rows.map((row) => [...row]),
      { record_delimiter: 'windows', delimiter: excel ? ';' : ',' },
    );
  const number = (value: number | null): string => {
    if (value === null || Number.isNaN(value)) return '';
    return excel ? String(value).replace('.', ',') : String(value);
  };
  const named = ({ states }: PointNames, value: number): string => states?.get(value) ?? '';

  return {
    header: byteOrderMark + text([columns[kind]]),
    rows(point, history) {
      const head = [point.id, point.unit];
      if (history.kind === 'raw')
        return text(
          samplesIn(history.readings).map((sample) => {
            const { quality, reason } = describeQuality(sample.quality);
            const state = named(point, sample.value);
            return [...head, at(sample.at), number(sample.value), state, quality, reason ?? ''];
          }),
        );
      return text(
        history.buckets.map((bucket) => [
          ...head,
          at(bucket.at),
          ...[
            bucket.min,
            bucket.max,
            bucket.mean,
            bucket.last,
            bucket.count,
            bucket.good,
            bucket.coveredMs,
          ].map(number),
          [...(bucket.states ?? [])]
            .map(([code, ms]) => `${named(point, code) === '' ? code : named(point, code)} ${ms}`)
            .join(' / '),
        ]),
      );
    },
  };
}
