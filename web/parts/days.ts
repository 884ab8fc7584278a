import { dayMs, wibStart } from '../../core/wib.ts';

/** Names of the two filters in a page's address, and what a request calls them. */
const names = { dari: 'from', sampai: 'to' } as const;

/** The days of a page's address (`dari`, `sampai`) as `from` and `to` of a request: WIB, the last day as a whole. */
export function addDays(query: URLSearchParams, search: URLSearchParams): void {
  for (const name of ['dari', 'sampai'] as const) {
    const day = search.get(name) ?? '';
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) continue;
    const at = wibStart(day, '00:00') + (name === 'sampai' ? dayMs : 0);
    query.set(names[name], new Date(at).toISOString());
  }
}
