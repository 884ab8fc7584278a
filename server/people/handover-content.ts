import type { Model } from '../../config/model.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import type { AccessService } from '../access/service.ts';
import type { PlantStates } from '../alarms/plant-states.ts';
import type { AlarmService } from '../alarms/service.ts';
import type { StandingAlarmView } from '../contracts/alarms.ts';
import type { HandoverContent } from '../contracts/handover.ts';
import type { IncidentRow } from '../incidents/record.ts';
import type { Touch } from '../incidents/repository.ts';
import type { IncidentService } from '../incidents/service.ts';
import type { HandoverRepository } from './handover-repository.ts';

/** Named of each kind; a storm must not make a note that nobody can read. The pages that it links to show all. */
const mostNamed = 50;
/** Read to be counted. */
const mostCounted = 1_000;

/** What the note says of an incident. */
export type IncidentFacts = Pick<
  IncidentRow,
  'id' | 'site' | 'title_id' | 'title_en' | 'priority' | 'opened_at' | 'returned_at' | 'acknowledged_by'
>;

export interface ContentSources {
  readonly model: Pick<Model, 'sites'>;
  readonly incidents: Pick<IncidentService, 'list'> & {
    incidentsTouching(touches: readonly Touch[]): Promise<readonly (readonly IncidentFacts[])[]>;
  };
  readonly alarms: Pick<AlarmService, 'list'>;
  readonly access: Pick<AccessService, 'list'>;
  readonly plantStates: Pick<PlantStates, 'current'>;
  readonly repository: Pick<HandoverRepository, 'hiddenBecause' | 'counts'>;
}

type Incident = HandoverContent['open']['items'][number];
type Hidden = HandoverContent['shelved'];

/** What the next shift has to know, without anybody having to write it down. */
export async function handoverContent(
  { model, incidents, alarms, access, plantStates, repository }: ContentSources,
  { since, now, until }: {
    readonly since: number;
    readonly now: number;
    /** Work that begins before is the next shift's. */
    readonly until: number;
  },
): Promise<HandoverContent> {
  const touching = await incidents.incidentsTouching(
    model.sites.map(({ id: site }) => ({ site, rooms: [], from: since, to: now + 1 })),
  );
  const rows = touching.flat().toSorted((a, b) => a.opened_at - b.opened_at);
  const open = await incidents.list({ state: 'open', limit: mostCounted });
  const hidden = [alarms.list('shelved'), alarms.list('out-of-service'), alarms.list('suppressed')] as const;
  const reasons = await repository.hiddenBecause(
    hidden.flatMap((list) => list.slice(0, mostNamed).map(({ id }) => id)),
  );
  const lines = (list: readonly StandingAlarmView[]): Hidden =>
    some(list, ({ id, site, name, owner, ownerName, shelvedUntil }) => ({
      id, site, name, owner, ownerName, until: shelvedUntil, reason: null, actor: null, ...reasons.get(id),
    }));
  const tickets = (await Promise.all([
    access.list({ window: 'open', limit: mostCounted }),
    access.list({ window: 'upcoming', limit: mostCounted }),
  ])).flat();
  const [shelved, outOfService, suppressed] = hidden;
  return {
    since: iso(since),
    asOf: iso(now),
    open: some(open, ({ id, site, title, priority, openedAt, returnedAt, acknowledgedBy }): Incident => ({
      id, site, title, priority, openedAt, returnedAt, acknowledgedBy,
    })),
    opened: some(rows.filter((row) => row.opened_at >= since), incident),
    returned: some(rows.filter((row) => row.returned_at !== null && row.returned_at >= since), incident),
    shelved: lines(shelved),
    outOfService: lines(outOfService),
    suppressed: lines(suppressed),
    tickets: some(
      tickets.filter(({ from_at: from }) => from < until).toSorted((a, b) => a.from_at - b.from_at),
      ({ id, site, activity, unit, from_at: from, to_at: to }) => ({
        id, site, activity, unit, from: iso(from), to: iso(to),
      }),
    ),
    works: some(
      plantStates.current().filter(({ from_at: from }) => from < until),
      ({ id, state, site, room, reason, from_at: from, to_at: to }) => ({
        id, state, site, room, reason, from: iso(from), to: iso(to),
      }),
    ),
    counts: await repository.counts(since, now),
  };
} // prettier-ignore

function some<Row, Item>(rows: readonly Row[], view: (row: Row) => Item): { items: Item[]; total: number } {
  return { items: rows.slice(0, mostNamed).map(view), total: rows.length };
}

function incident(row: IncidentFacts): Incident {
  return {
    id: row.id,
    site: row.site,
    title: { id: row.title_id, en: row.title_en },
    priority: row.priority,
    openedAt: iso(row.opened_at),
    returnedAt: isoOrNull(row.returned_at),
    acknowledgedBy: row.acknowledged_by,
  };
}
