import type { IncomingHttpHeaders } from 'node:http';

/**
 * True when a browser says that a page of another site makes it ask: such a page could use our cookie. Programs that
 * are not browsers send no origin and hold no cookie by accident.
 */
export function isForeignOrigin(headers: IncomingHttpHeaders, host: string | undefined): boolean {
  const { origin } = headers;
  if (origin === undefined) return headers['sec-fetch-site'] === 'cross-site';
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
