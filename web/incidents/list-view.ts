import { priority, type Priority } from '../../config/schema/common.ts';
import { discipline, type Discipline } from '../../config/schema/rule.ts';
import { fits } from '../../domain/incident-filter.ts';
import { byDue, byUrgency, isWaiting } from '../../domain/severity.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';

export const lists = ['terbuka', 'selesai', 'alarm'] as const;
export const statuses = ['menunggu', 'diakui', 'pulih'] as const;
export const orders = ['prioritas', 'tenggat', 'terbaru'] as const;

/** What the page of incidents shows; all of it is in the address, so that it can be kept and shared. */
export interface ListView {
  readonly list: (typeof lists)[number];
  readonly site: string | undefined;
  /** Empty: all. */
  readonly priorities: readonly Priority[];
  readonly discipline: Discipline | undefined;
  readonly status: (typeof statuses)[number] | undefined;
  readonly order: (typeof orders)[number];
  readonly text: string;
}

/** The names in the address. */
const names = {
  list: 'daftar', site: 'situs', priorities: 'prioritas', discipline: 'bidang', status: 'status', order: 'urut', text: 'cari',
} as const; // prettier-ignore

/** What is not understood is left out: an old link still opens the list. */
export function readView(search: URLSearchParams): ListView {
  const given = (name: keyof typeof names): string => search.get(names[name]) ?? '';
  const oneOf = <Name extends string>(known: readonly Name[], name: keyof typeof names): Name | undefined =>
    known.find((one) => one === given(name));
  const listed = given('priorities').split(',');
  return {
    list: oneOf(lists, 'list') ?? 'terbuka',
    site: given('site') === '' ? undefined : given('site'),
    priorities: priority.options.filter((one) => listed.includes(one)),
    discipline: oneOf(discipline.options, 'discipline'),
    status: oneOf(statuses, 'status'),
    order: oneOf(orders, 'order') ?? 'prioritas',
    text: given('text'),
  };
}

/** Puts the view into an address and leaves the rest of it; what is as usual is not written. */
export function writeView(search: URLSearchParams, view: ListView): URLSearchParams {
  const written = new URLSearchParams(search);
  const set = (name: keyof typeof names, value: string | undefined, usual = ''): void => {
    if (value === undefined || value === usual) written.delete(names[name]);
    else written.set(names[name], value);
  };
  set('list', view.list, 'terbuka');
  set('site', view.site);
  set('priorities', view.priorities.join(','));
  set('discipline', view.discipline);
  set('status', view.status);
  set('order', view.order, 'prioritas');
  set('text', view.text);
  return written;
}

/** Nothing is left out by it. */
export function isWhole({ site, priorities, discipline: of, status, text }: ListView): boolean {
  return (
    site === undefined && priorities.length === 0 && of === undefined && status === undefined && text.trim() === ''
  );
} // prettier-ignore

/** The open incidents that fit, in order. */
export function arrange(open: readonly IncidentSummary[], view: ListView): IncidentSummary[] {
  const { site, discipline: of, text } = view;
  const priorities = view.priorities.length === 0 ? undefined : view.priorities;
  return open
    .filter((incident) => hasStatus(incident, view.status))
    .filter((incident) =>
      fits(
        { ...incident, waiting: isWaiting(incident), texts: textsOf(incident) },
        { site, priorities, discipline: of, text },
      ),
    )
    .sort(comparers[view.order]);
}

/** The same question to the server, of incidents that are over. */
export function resolvedQuery({ site, priorities, discipline: of, text }: ListView): string {
  const query = new URLSearchParams({ state: 'resolved' });
  if (site !== undefined) query.set('site', site);
  if (priorities.length > 0) query.set('priority', priorities.join(','));
  if (of !== undefined) query.set('discipline', of);
  if (text.trim() !== '') query.set('text', text.trim());
  return query.toString();
}

function hasStatus(incident: IncidentSummary, status: ListView['status']): boolean {
  switch (status) {
    case undefined:
      return true;
    case 'menunggu':
      return isWaiting(incident);
    case 'diakui':
      return !isWaiting(incident);
    case 'pulih':
      return incident.state === 'returned';
  }
}

/** As the server searches, and also the names of the causes, which only the summary has. */
function textsOf({ id, title, name, rule, room, worst, causes }: IncidentSummary): (string | null)[] {
  return [
    title.id, title.en, name.id, name.en, rule, room, worst?.point ?? null, worst?.owner ?? null, worst?.ownerName.id ?? null, worst?.ownerName.en ?? null, id,
    ...causes.flatMap((cause) => [cause.node, cause.name.id, cause.name.en]),
  ];
} // prettier-ignore

const comparers: Readonly<Record<ListView['order'], (a: IncidentSummary, b: IncidentSummary) => number>> = {
  prioritas: byUrgency,
  tenggat: byDue,
  terbaru: (a, b) => Date.parse(b.openedAt) - Date.parse(a.openedAt) || byUrgency(a, b),
};
