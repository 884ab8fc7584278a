import { z } from 'zod';
import { isCollector } from '../auth/identity.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { badInput, notFound, ProblemError } from '../http/problem.ts';
import { maxLimit } from '../http/page.ts';
import { StreamedList } from '../http/stream.ts';
import { scopeOf, type Mention, type Named, type SiteScope } from './site-scopes.ts';
import { sitesQuery } from './known.ts';

/** Knows the site of a thing; undefined: there is no such thing. */
export type SiteLookup = (kind: Named, id: string) => Promise<string | undefined> | string | undefined;

interface Raw {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * The endpoint as it is for users who are limited to some sites: what a request names must be of their sites, and an answer holds
 * nothing of others. Other users meet the endpoint itself.
 */
export function limitedToSites(endpoint: Endpoint, siteOf: SiteLookup): Endpoint {
  const scope = scopeOf(endpoint);
  return {
    ...endpoint,
    async run(raw, caller) {
      const { user } = caller;
      const sites = user === undefined || isCollector(user) ? undefined : user.sites;
      if (sites === undefined || scope?.kind === 'open') return endpoint.run(raw, caller);
      const asked = withOwnSites(endpoint, raw, sites);
      await admit(scope, asked, { sites, siteOf });
      if (scope?.kind !== 'listed') return endpoint.run(asked, caller);
      const read = async (query: Query) => {
        const output = await endpoint.run({ ...asked, query: { ...queryOf(asked), ...query } }, caller);
        return { output, visible: onlyOf(output, scope, sites) };
      };
      return isPaged(endpoint) ? fullPage(read) : (await read({})).visible;
    },
  };
}

type Query = Readonly<Record<string, unknown>>;
const paged = z.looseObject({ items: z.array(z.unknown()), next: z.string().nullable() });
/** Enough to pass by every point of two sites. */
const mostReads = 100;

function isPaged({ input: { query } }: Endpoint): boolean {
  return query instanceof z.ZodObject && 'cursor' in query.shape && 'limit' in query.shape;
}

/**
 * A page that comes before another holds as many items as any user's would: what is left out is made up from the pages after it, which
 * are read in growing steps while they hold little, and again in a step that fits once they hold too much.
 */
async function fullPage(read: (query: Query) => Promise<{ output: unknown; visible: unknown }>): Promise<unknown> {
  const first = await read({});
  const all = paged.safeParse(first.output).data;
  const seen = paged.safeParse(first.visible).data;
  if (all === undefined || seen === undefined) return first.visible;
  const wanted = all.items.length;
  const items = [...seen.items];
  let { next } = all;
  let step = wanted;
  for (let reads = 0; next !== null && items.length < wanted && reads < mostReads; reads += 1) {
    const { output, visible } = await read({ cursor: next, limit: String(step) });
    const more = paged.parse(visible).items;
    const missing = wanted - items.length;
    if (more.length > missing) step = missing;
    else {
      items.push(...more);
      ({ next } = paged.parse(output));
      step = Math.min(2 * step, maxLimit);
    }
  }
  return { ...seen, items, next };
} // prettier-ignore

function queryOf({ query }: Raw): object {
  return isObject(query) ? query : {};
}

/** A query that can be narrowed to sites is, to those that the user sees; one that takes a single site only where there is but one. */
function withOwnSites({ input: { query } }: Endpoint, raw: Raw, sites: readonly string[]): Raw {
  const field = query instanceof z.ZodObject ? query.shape['site'] : undefined;
  if (field === undefined || valueAt(raw, 'query.site') !== undefined) return raw;
  if (sites.length !== 1 && field !== sitesQuery) return raw;
  return { ...raw, query: { ...queryOf(raw), site: sites.join(',') } };
}

interface Limit {
  readonly sites: readonly string[];
  readonly siteOf: SiteLookup;
}

async function admit(scope: SiteScope | undefined, raw: Raw, { sites, siteOf }: Limit): Promise<void> {
  const named = ['params.site', 'query.site', 'body.site'].flatMap((place) => textsAt(raw, place));
  for (const site of named)
    if (!sites.includes(site)) throw new ProblemError(403, { detail: `you may see ${sites.join(', ')}, not ${site}` }); // prettier-ignore
  if (scope === undefined || scope.kind === 'every-site')
    throw new ProblemError(403, {
      detail: `this is about every site; you may see ${sites.join(', ')}`,
      code: 'every-site',
    });
  if (scope.kind === 'of-site' && named.length === 0)
    throw badInput('query.site', `is needed: name one of your sites, ${sites.join(', ')}`);
  if (scope.kind === 'of')
    for (const mention of scope.mentions) await admitNamed(mention, raw, { sites, siteOf });
}

async function admitNamed(mention: Mention, raw: Raw, { sites, siteOf }: Limit): Promise<void> {
  const ids = textsAt(raw, mention.in);
  if (ids.length === 0 && mention.optional !== true)
    throw badInput(mention.in, `is needed: you may see ${sites.join(', ')} only`);
  for (const id of ids) {
    const site = await siteOf(mention.kind, id);
    // As of what does not exist: that it exists elsewhere is not told either.
    if (site === undefined || !sites.includes(site)) throw notFound(`there is no ${mention.kind} "${id}"`);
  }
}

/** What is left of an answer; an object that is of another site as a whole is not there. */
function onlyOf(output: unknown, scope: SiteScope & { kind: 'listed' }, sites: readonly string[]): unknown {
  // Its items are not seen before they are sent.
  if (output instanceof StreamedList)
    throw new ProblemError(403, { detail: `name one of your sites, ${sites.join(', ')}` });
  const field = scope.site ?? 'site';
  if (isObject(output) && !isVisible(output, field, sites)) throw notFound('there is no such thing');
  return pruned(output, field, sites);
}

function pruned(value: unknown, field: Field, sites: readonly string[]): unknown {
  if (Array.isArray(value))
    return value.filter((item) => isVisible(item, field, sites)).map((item) => pruned(item, field, sites));
  // A class of its own, such as a file, is no list.
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, pruned(part, field, sites)]));
}

type Field = 'site' | NonNullable<(SiteScope & { kind: 'listed' })['site']>;

function isVisible(item: unknown, field: Field, sites: readonly string[]): boolean {
  if (!isObject(item) || !(field in item)) return true;
  const place = Reflect.get(item, field);
  // A report of all sites.
  if (place === null) return false;
  if (Array.isArray(place)) return place.some((site) => sites.includes(site));
  return typeof place !== 'string' || sites.includes(field === 'source' ? (place.split('/')[0] ?? '') : place);
} // prettier-ignore

/** Texts at a place of the request; a list, and a text with commas in a query, name several. */
function textsAt(raw: Raw, place: string): string[] {
  const value = valueAt(raw, place);
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string');
  if (typeof value !== 'string') return [];
  return place.startsWith('query.') ? value.split(',').filter((one) => one !== '') : [value];
}

function valueAt(raw: Raw, place: string): unknown {
  return place
    .split('.')
    .reduce<unknown>((value, step) => (isObject(value) && Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined), raw); // prettier-ignore
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
