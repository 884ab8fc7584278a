import type { PlacedKind } from '../auth/site-repository.ts';

/** A thing that is named in a request; the model, the incidents or the database know its site. */
export type Named = PlacedKind | 'site' | 'incident' | 'alarm' | 'point' | 'node';

/** Where a request names one: `params.id`, `query.points`, `body.incidents`. A list, or a text with commas, names several. */
export interface Mention {
  readonly kind: Named;
  readonly in: string;
  /** May be absent from a request. */
  readonly optional?: true;
}

/**
 * What an endpoint has to do with sites, for users who are limited to some of them. `site` in the query, the path or the body is
 * always checked; this says the rest.
 */
export type SiteScope =
  /** Nothing in it belongs to a site. */
  | { readonly kind: 'open' }
  /** About every site at once, or about all that people did: not for who may see some sites only. */
  | { readonly kind: 'every-site' }
  /** The request must name a site. */
  | { readonly kind: 'of-site' }
  /** Of the lists in the answer only what is of the user's sites is left. `site`: where an item has it, unless in `site`. */
  | { readonly kind: 'listed'; readonly site?: 'id' | 'source' | 'sites' }
  /** About the things that the request names; there is none of another site. */
  | { readonly kind: 'of'; readonly mentions: readonly Mention[] };

const open: SiteScope = { kind: 'open' };
const everySite: SiteScope = { kind: 'every-site' };
const ofSite: SiteScope = { kind: 'of-site' };
const listed: SiteScope = { kind: 'listed' };
const bySource: SiteScope = { kind: 'listed', site: 'source' };
function of(kind: Named, place: string, ...more: readonly Mention[]): SiteScope {
  return { kind: 'of', mentions: [{ kind, in: place }, ...more] };
}
const incident = of('incident', 'params.id');
const ticket = of('ticket', 'params.id');
const loadTest = of('load-test', 'params.id');

/** By method and path where the methods differ, else by path; `/*` at the end: and everything below it. The first that fits. */
const scopes: readonly (readonly [path: string, scope: SiteScope])[] = [
  ['/health', open],
  ['/session', open],
  ['/users/*', open],
  ['/push/*', open],
  ['/assignees', open],
  ['/acknowledgements/:token', open],
  ['/verify/load-tests/:id/:revision', open],
  ['/ingest', open],
  ['/tickets/webhook', open],
  ['/access-events/:sender', open],
  ['/compliance/document-kinds', listed],
  ['/compliance/progress', open],
  ['/on-call/at', ofSite],
  ['/on-call', listed],
  ['/on-call/proof', listed],
  ['/on-call/*', open],
  ['/shifts/now', open],
  ['/shifts/*', listed],

  ['/sites', { kind: 'listed', site: 'id' }],
  ['/sites/:id', of('site', 'params.id')],
  ['/topology', ofSite],
  ['/devices/*', listed],
  ['/collectors', { kind: 'listed', site: 'sites' }],
  ['/points', listed],
  ['/points/*', of('point', 'params.id')],
  ['/point-search', listed],
  ['/snapshot', ofSite],
  ['/snapshot/columns', ofSite],
  ['/history', of('point', 'query.points')],
  ['/history/columns', of('point', 'query.points')],
  ['/commissioning', listed],
  ['/commissioning/:site/*', ofSite],
  ['GET /discovery', listed],
  ['/discovery/stop', everySite],
  ['/discovery/*', ofSite],

  ['/incidents', listed],
  ['/incidents/ack', of('incident', 'body.incidents')],
  ['/incidents/:id/move', of('incident', 'params.id', { kind: 'incident', in: 'body.to' })],
  ['/incidents/:id/merge', of('incident', 'params.id', { kind: 'incident', in: 'body.to' })],
  ['/incidents/*', incident],
  ['/alarms', listed],
  ['/alarms/*', of('alarm', 'params.id')],
  ['/alarm-counts', listed],
  ['/alarm-journal', listed],
  ['GET /plant-states', listed],
  ['POST /plant-states', ofSite],
  ['/plant-states/*', of('plant-state', 'params.id')],
  ['/alarm-figures', listed],
  ['GET /alarm-figures/work', listed],
  ['POST /alarm-figures/work', of('alarm', 'body.alarm')],
  ['/alarm-figures/work/:alarm', of('alarm', 'params.alarm')],
  ['/alarm-reports/*', everySite],

  ['/compliance', ofSite],
  ['GET /compliance/documents', listed],
  ['POST /compliance/documents', ofSite],
  ['/compliance/documents/*', of('document', 'params.id')],
  ['/load-tests', listed],
  ['/load-test-calendar', listed],
  ['/load-test-trends', ofSite],
  ['GET /load-test-plans', listed],
  ['POST /load-test-plans', ofSite],
  ['/load-test-plans/*', of('load-test-plan', 'params.id')],
  ['/load-test-deficiencies/*', of('load-test-deficiency', 'params.id')],
  ['/load-tests/*', loadTest],
  ['/capacity', listed],
  ['/capacity/what-if', of('node', 'query.fail')],
  ['/capacity/trends', ofSite],
  ['/capacity/predictions', listed],
  ['GET /reports', listed],
  ['POST /reports', ofSite],
  ['/reports/*', of('report', 'params.id')],
  ['/operations', everySite],
  ['/deliveries', of('incident', 'query.incident')],

  ['/tickets/calendar', ofSite],
  ['/tickets/export', ofSite],
  ['/tickets/import', everySite],
  ['GET /tickets', listed],
  ['POST /tickets', ofSite],
  ['/tickets/*', ticket],
  ['/identity-lookups', of('ticket', 'query.ticket')],
  ['/access-events', bySource],
  ['/access-events/file', ofSite],
  ['/access-controllers', bySource],
  ['/access-findings', listed],
  ['/revoked-cards/*', everySite],
  ['GET /ticket-series', listed],
  ['POST /ticket-series', of('site', 'body.first.site')],
  ['/ticket-series/*', of('ticket-series', 'params.id')],
  ['/persons/*', everySite],
  ['/presence/*', listed],
  ['/audit', everySite],
  ['/log/*', everySite],
  ['GET /drills', listed],
  ['POST /drills', ofSite],
];

/** Undefined: nobody has decided, so who is limited to some sites is refused. */
export function scopeOf({ method, path }: { readonly method: string; readonly path: string }): SiteScope | undefined {
  const full = `${method.toUpperCase()} ${path}`;
  return scopes.find(([pattern]) => fits(pattern, path) || fits(pattern, full))?.[1];
} // prettier-ignore

function fits(pattern: string, path: string): boolean {
  if (!pattern.endsWith('/*')) return pattern === path;
  const above = pattern.slice(0, -2);
  return path === above || path.startsWith(`${above}/`);
}
